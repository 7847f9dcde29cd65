"""The README, done as written."""
