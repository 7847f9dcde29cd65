"""What is wrong with the database as a whole, not with the one statement that met it."""

import sqlite3


class PostgresError(Exception):
    """An error of PostgreSQL's, in one line; `is_broken` if it concerns the database as a whole."""

    def __init__(self, text: str, *, is_broken: bool = False) -> None:
        super().__init__(text)
        self.is_broken = is_broken


class LostError(PostgresError):
    """The connection was lost, and with it all of a transaction that was not committed yet."""


class BulkError(Exception):
    """An error in rows that were written together: of which write it was is not known."""


DatabaseError = (sqlite3.Error, PostgresError, BulkError)


class Unavailable(Exception):
    """The database did not take the work (full, locked, damaged, closing); nothing was changed."""


BROKEN = frozenset(
    {
        sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PROTOCOL,
    }
)  # fmt: skip


def is_broken(error: BaseException) -> bool:
    """Whether an error says that the database as a whole cannot be used now."""
    if isinstance(error, PostgresError):
        return error.is_broken
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.Error) and code is not None and (code & 0xFF) in BROKEN


def is_damaged(error: Exception) -> bool:
    """Whether an error says that the file is not, or no longer, a database."""
    code = getattr(error, "sqlite_errorcode", 0)
    return (code & 0xFF) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
