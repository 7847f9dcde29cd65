"""The command line, and what the server does by itself: run as users run them."""
