"""What each request means, per noun."""
