"""SQLite: one file in WAL mode, for one process that serves and others that help it."""
