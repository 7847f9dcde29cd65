"""What there is to be told of, and done to, a SQLite file as a whole."""

import sqlite3
from typing import Literal

MANY_ROWS = 10_000
KINDS = {"INTEGER": int, "TEXT": str, "BLOB": bytes}


class SqliteFile(sqlite3.Connection):
    """A connection to a file."""

    dialect: Literal["sqlite"] = "sqlite"
    _moved_at = 0
    """How many rows it had changed when it moved the log last."""

    def has_table(self, name: str, /) -> bool:
        """Whether there is a table of that name."""
        found = self.execute(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (name,)
        )
        return found.fetchone() is not None

    def columns(self, table: str, /) -> dict[str, type]:
        """As OpenDb says."""
        rows = self.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
        return {name: KINDS[kind] for name, kind in rows}

    def faults(self) -> list[str]:
        """What is wrong in the file, or between its tables, a sentence each."""
        found = [row[0] for row in self.execute("PRAGMA integrity_check") if row[0] != "ok"]
        return found + [
            f"table {table}: row {row} refers to one of {parent} that is not there"
            for table, row, parent, _ in self.execute("PRAGMA foreign_key_check")
        ]

    def attach(self, path: str, name: str) -> None:
        """Let statements name the tables of another database; not within a transaction."""
        self.execute(f"ATTACH DATABASE ? AS {name}", (path,))

    def checkpoint(self, patience_ms: int) -> bool:
        """Move what is committed into the file, and cut the write-ahead log to nothing.

        Gives whether it was done: a reader in the way is waited for so long, as are we by others.
        """
        usual = self.execute("PRAGMA busy_timeout").fetchone()[0]
        self.execute(f"PRAGMA busy_timeout = {patience_ms}")
        try:
            busy = self.execute("PRAGMA main.wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            self.execute(f"PRAGMA busy_timeout = {usual}")
        if not busy:
            self._moved_at = self.total_changes
        return not busy

    def leave_checkpoints(self) -> None:
        """As OpenDb says."""
        self.execute("PRAGMA wal_autocheckpoint = 0")

    def is_log_long(self) -> bool:
        """As OpenDb says: after some 40 MB, if each row is on a page that no other one is on."""
        return self.total_changes - self._moved_at >= MANY_ROWS

    def move_log(self) -> None:
        """As OpenDb says."""
        self._moved_at = self.total_changes
        self.execute("PRAGMA main.wal_checkpoint(PASSIVE)").fetchone()

    def vacuum(self) -> None:
        """Write the file anew, without what is free in it; nobody else may use it meanwhile."""
        self.execute("VACUUM")

    def size(self) -> int:
        """How many bytes the file has, pages in the write-ahead log included."""
        sql = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        return int(self.execute(sql).fetchone()[0])
