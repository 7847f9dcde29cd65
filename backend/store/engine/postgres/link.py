"""A connection to PostgreSQL that is made anew when it was lost, but never in a transaction."""

import contextlib
import time
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from backend.store.engine.faults import LostError, PostgresError
from backend.store.engine.postgres.faults import as_ours, ends_connection
from backend.store.engine.postgres.opening import connect

RECONNECT_SECONDS = 2.0
RECONNECT_PAUSE = 0.05

Rows = psycopg.Cursor[tuple[Any, ...]]
Command = tuple[str, Sequence[Any]]


class Link:
    """A connection; `is_new` until its owner says otherwise.

    Every error is one of ours: LostError when the connection was lost, whereupon nothing of a
    transaction that was not committed is left.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self.is_new = True
        try:
            self._connection = connect(where)
        except psycopg.Error as error:
            raise as_ours(error) from error

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is under way."""
        status = self._connection.info.transaction_status
        return status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)

    @property
    def has_failed(self) -> bool:
        """Whether a statement has failed, which ends a transaction."""
        return self._connection.info.transaction_status != TransactionStatus.INTRANS

    def run(self, text: str, values: Sequence[Any] = ()) -> Rows:
        """Run a statement."""
        try:
            return self._connection.execute(text, values)
        except psycopg.Error as error:
            raise self._as_ours(error) from error

    def run_many(self, text: str, values: Iterable[Sequence[Any]]) -> Rows:
        """Run a statement with each of the values, in one round trip."""
        rows = self._connection.cursor()
        try:
            rows.executemany(text, list(values))
        except psycopg.Error as error:
            raise self._as_ours(error) from error
        return rows

    def run_script(self, script: str) -> None:
        """Run statements without parameters."""
        try:
            self._connection.execute(script.encode(), prepare=False)
        except psycopg.Error as error:
            raise self._as_ours(error) from error

    def together(self, commands: Iterable[Command]) -> list[Rows]:
        """Run these, all in one round trip; the first that fails ends the rest."""
        try:
            with self._connection.pipeline():
                return [self._connection.execute(text, values) for text, values in commands]
        except psycopg.Error as error:
            raise self._as_ours(error) from error

    def afresh(self, *commands: Command, patience: float = RECONNECT_SECONDS) -> list[Rows]:
        """The same outside a transaction: on a new connection if ours turns out to be lost.

        Raises PostgresError when there has been none for so many seconds.
        """
        deadline = time.monotonic() + patience
        while True:
            try:
                if self._connection.closed:
                    self._reconnect()
                return self.together(commands)
            except LostError as error:
                if time.monotonic() > deadline:
                    raise PostgresError(str(error), is_broken=True) from error
            time.sleep(RECONNECT_PAUSE)

    def rollback(self) -> None:
        """Undo the transaction, if there is one."""
        if self.in_transaction:
            with contextlib.suppress(psycopg.Error):  # a lost connection has undone it
                self._connection.execute("ROLLBACK")

    def end_reading(self) -> None:
        """End a transaction that has only read: after a ROLLBACK psycopg prepares all anew."""
        if self.in_transaction:
            with contextlib.suppress(psycopg.Error):  # a lost connection has ended it
                self._connection.execute("COMMIT")

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def _reconnect(self) -> None:
        try:
            self._connection = connect(self._where)
        except psycopg.Error as error:
            raise self._as_ours(error) from error
        self.is_new = True

    def _as_ours(self, error: psycopg.Error) -> Exception:
        ours = as_ours(error)
        if not ours.is_broken or not (self._connection.closed or ends_connection(error)):
            return ours
        self._connection.close()  # it may not have noticed yet
        return LostError(str(ours), is_broken=True)
