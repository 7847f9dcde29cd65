"""Snapshots for reading, on connections of their own: a read goes to one that is idle."""

import asyncio
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakValueDictionary

from backend.store.engine.connection import Connection
from backend.store.engine.db import Db, OpenDb
from backend.store.engine.faults import Unavailable, is_broken

T = TypeVar("T")


class Readers:
    """A few connections, and a queue for when all of them are at work.

    Reads that must not wait for others' have Readers of their own. Of one user one read at a time
    is at work or in the queue: users take turns, however many sockets they ask on.
    """

    def __init__(self, connections: list[Connection]) -> None:
        self._connections = connections
        # last in, first out: the one that has just read has what is read most in its memory
        self._idle: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for connection in connections:
            self._idle.put_nowait(connection)
        self._left: set[asyncio.Task[None]] = set()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    async def open(cls, where: str, count: int, prepare: Callable[[OpenDb], None]) -> "Readers":
        """So many connections to the database; `prepare` is run once on each."""
        connections = [await Connection.open(where) for _ in range(count)]
        for connection in connections:
            await connection.run(prepare)
        return cls(connections)

    async def run(self, work: Callable[[Db], T], user_id: int | None = None) -> T:
        """What `work` returns, run in a snapshot of its own; raises Unavailable, or its error.

        With a user, in their turn.
        """
        turn = self._turn(user_id)
        await turn.acquire()
        try:
            connection = await self._idle.get()
        except asyncio.CancelledError:
            turn.release()
            raise
        try:
            found = await connection.run(lambda db: read_snapshot(db, work))
        except asyncio.CancelledError:
            self._leave(connection, turn)
            raise
        except Exception as error:
            self._free(connection, turn)
            if is_broken(error):
                raise Unavailable(str(error)) from error
            raise
        self._free(connection, turn)
        return found

    async def close(self) -> None:
        """Finish what was begun, then close every connection."""
        for connection in self._connections:
            await connection.close()

    def _turn(self, user_id: int | None) -> asyncio.Lock:
        turn = self._turns.get(user_id) if user_id is not None else None
        if turn is None:
            turn = asyncio.Lock()
            if user_id is not None:
                self._turns[user_id] = turn
        return turn

    def _free(self, connection: Connection, turn: asyncio.Lock) -> None:
        self._idle.put_nowait(connection)
        turn.release()

    def _leave(self, connection: Connection, turn: asyncio.Lock) -> None:
        """Free what a read has that nobody waits for any more, once it is through."""

        async def settle() -> None:
            await connection.run(lambda db: None)
            self._free(connection, turn)

        task = asyncio.create_task(settle())
        self._left.add(task)
        task.add_done_callback(self._left.discard)


def read_snapshot(db: OpenDb, work: Callable[[OpenDb], T]) -> T:
    """What `work` returns; all its statements see the same state."""
    try:
        with db.snapshot():
            return work(db)
    except Exception as error:
        db.recover(error)
        raise
