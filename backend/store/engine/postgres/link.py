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
from backend.store.engine.postgres.pipeline import Command, Found, Pipeline

RECONNECT_SECONDS = 2.0
RECONNECT_PAUSE = 0.05


class Link:
    """A connection; `is_new` until its owner says otherwise.

    Every error is one of ours: LostError when the connection was lost, whereupon nothing of a
    transaction that was not committed is left.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        try:
            self._connect()
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

    def run(self, text: str, values: Sequence[Any] = ()) -> Found:
        """Run a statement."""
        return self.together([(text, values)])[0]

    def run_script(self, script: str) -> None:
        """Run statements without parameters."""
        try:
            self._connection.execute(script.encode(), prepare=False)
        except psycopg.Error as error:
            raise self._as_ours(error) from error

    def together(self, commands: Iterable[Command]) -> list[Found]:
        """Run these, all in one round trip; the first that fails ends the rest."""
        try:
            return self._pipeline.run(commands)
        except psycopg.Error as error:
            raise self._as_ours(error) from error

    def run_many(self, commands: Iterable[Command]) -> Found:
        """The same as one: gives how many rows all of them have changed."""
        return Found(None, (), sum(max(each.rowcount, 0) for each in self.together(commands)))

    def afresh(self, *commands: Command, patience: float = RECONNECT_SECONDS) -> list[Found]:
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
                self._pipeline.run([("ROLLBACK", ())])

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def _reconnect(self) -> None:
        try:
            self._connect()
        except psycopg.Error as error:
            raise self._as_ours(error) from error

    def _connect(self) -> None:
        self._connection = connect(self._where)
        self._pipeline = Pipeline(self._connection)
        self.is_new = True

    def _as_ours(self, error: psycopg.Error) -> Exception:
        ours = as_ours(error)
        if not ours.is_broken or not (self._connection.closed or ends_connection(error)):
            return ours
        self._connection.close()  # it may not have noticed yet
        return LostError(str(ours), is_broken=True)
