"""What there is to be told of a PostgreSQL database as a whole."""

from typing import Literal

from backend.store.engine.postgres import commands
from backend.store.engine.postgres.link import Link

KINDS: dict[str, type] = {"bigint": int, "text": str, "bytea": bytes}


class Described:
    """A database at the end of a link."""

    dialect: Literal["postgres"] = "postgres"

    def __init__(self, where: str) -> None:
        self._link = Link(where)

    def run_name(self) -> str:
        """Of this server process of PostgreSQL's, this database in it, these tables in that."""
        return str(self._link.run(commands.RUN).fetchall()[0][0])

    def has_table(self, name: str, /) -> bool:
        """Whether there is a table of that name."""
        return self._link.run(commands.TABLE, [name]).fetchone() == (1,)

    def columns(self, table: str, /) -> dict[str, type]:
        """The columns of a table: name to `int`, `str` or `bytes`."""
        return {name: KINDS[kind] for name, kind in self._link.run(commands.COLUMNS, [table])}

    def size(self) -> int:
        """How many bytes the database takes, indexes included."""
        return int(self._link.run(commands.SIZE).fetchall()[0][0])

    def faults(self) -> list[str]:
        """PostgreSQL refuses by itself what it finds damaged."""
        return []

    def recover(self, error: BaseException, /) -> None:
        """Nothing is kept here that could outlive a fault."""

    def checkpoint(self, patience_ms: int, /) -> bool:
        """PostgreSQL does so by itself."""
        return True

    def leave_checkpoints(self) -> None:
        """It makes none with a commit."""

    def is_log_long(self) -> bool:
        """It sees to that itself."""
        return False

    def move_log(self) -> None:
        """It does so by itself."""

    def vacuum(self) -> None:
        """Let the room of what was deleted be used again; others go on meanwhile."""
        self._link.run("VACUUM")

    def close(self) -> None:
        """Close the connection; what is not committed is undone."""
        self._link.close()
