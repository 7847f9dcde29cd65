"""What docs/guarantees.md promises, tried against a real server process."""
