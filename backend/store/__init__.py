"""SQL, migrations, group commit, the log."""
