"""The engine: what is SQLite's own."""
