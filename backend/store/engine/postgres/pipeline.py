"""Statements in one message to PostgreSQL, and what they give in its answer.

psycopg's own pipeline sends each statement by itself and looks for answers before the next one: of
a batch of one, which is some fourteen statements, that was most of its CPU, and of PostgreSQL's.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
from psycopg.abc import PQGen
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.waiting import Wait

Connection = psycopg.Connection[tuple[Any, ...]]
Command = tuple[str, Sequence[Any]]
GOOD = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


class Found:
    """What a statement has given: rows, each of them once, and how many it changed."""

    def __init__(
        self, result: PGresult | None, rows: Iterable[tuple[Any, ...]], rowcount: int
    ) -> None:
        self._result = result
        self._rows = iter(rows)
        self.rowcount = rowcount

    @property
    def description(self) -> list[tuple[str]]:
        """The columns of the rows by their names."""
        result = self._result
        if result is None:
            return []
        return [((result.fname(each) or b"").decode(),) for each in range(result.nfields)]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """The rows that are left."""
        return self._rows

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, None at the end."""
        return next(self._rows, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The rows that are left."""
        return list(self._rows)


class Pipeline:
    """Runs statements on a connection; each is prepared once, whatever its values."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._wire = connection.pgconn
        self._loading = Transformer(connection)
        self._prepared: dict[str, bytes] = {}

    def run(self, commands: Iterable[Command]) -> list[Found]:
        """Run these, all in one round trip; the first that fails ends the rest."""
        self._wire.enter_pipeline_mode()
        try:
            preparing = self._send(commands)
            results = self._connection.wait(_exchange(self._wire))
        finally:
            if self._wire.status == ConnStatus.OK:
                self._wire.exit_pipeline_mode()
        return list(self._found(results, preparing))

    def _send(self, commands: Iterable[Command]) -> list[str | None]:
        """Lay all of it out; gives for each result that will come the text that it prepares."""
        wire, prepared = self._wire, self._prepared
        preparing: list[str | None] = []
        new: dict[str, bytes] = {}
        for text, values in [(text, list(map(_as_text, values))) for text, values in commands]:
            name = prepared.get(text) or new.get(text)
            if name is None:
                name = new[text] = b"p%d" % (len(prepared) + len(new))
                wire.send_prepare(name, text.encode())
                preparing.append(text)
            wire.send_query_prepared(name, values)
            preparing.append(None)
        wire.pipeline_sync()
        return preparing

    def _found(self, results: list[PGresult], preparing: list[str | None]) -> Iterator[Found]:
        for result, text in zip(results, preparing, strict=True):
            if result.status not in GOOD:
                raise error_from_result(result)
            if text is not None:
                self._prepared[text] = b"p%d" % len(self._prepared)
            else:
                changed = result.command_tuples
                yield Found(result, self._rows(result), -1 if changed is None else changed)

    def _rows(self, result: PGresult) -> list[tuple[Any, ...]]:
        if not result.ntuples:
            return []
        self._loading.set_pgresult(result)
        return self._loading.load_rows(0, result.ntuples, tuple)


def _as_text(value: object) -> bytes | None:
    """A value as text of no type, which PostgreSQL takes from where it stands."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return b"\\x" + value.hex().encode()
    if isinstance(value, bool):
        return b"1" if value else b"0"
    text = str(value).encode()
    if b"\0" in text:
        raise psycopg.DataError("a text cannot have U+0000 in it")
    return text


def _exchange(wire: PGconn) -> PQGen[list[PGresult]]:
    """Send what is laid out, and take what comes until all of it is answered."""
    found: list[PGresult] = []
    is_gap = False
    while True:
        unsent = wire.flush()
        while not wire.is_busy():
            result = wire.get_result()
            if result is None and is_gap:  # one stands between two statements' results
                raise psycopg.OperationalError("the connection is lost")
            is_gap = result is None
            if result is not None:
                if result.status == ExecStatus.PIPELINE_SYNC:
                    return found
                found.append(result)
        while not (yield Wait.RW if unsent else Wait.R):
            pass
        try:
            wire.consume_input()
        except psycopg.OperationalError:
            for result in found:  # PostgreSQL has said why
                if result.status == ExecStatus.FATAL_ERROR:
                    raise error_from_result(result) from None
            raise
