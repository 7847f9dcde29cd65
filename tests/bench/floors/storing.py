"""The storing relay: what a message costs at least when it is on disk before anybody hears of it.

Decode, membership check, `client_id` lookup, a message row and a log row with the product's
indexes, committed in batches with one fsync each on one thread, then relayed to the members'
sockets. With many members it is the fan-out floor that stores.
"""

import asyncio
import threading
import time
from queue import Empty, SimpleQueue
from typing import NamedTuple

from backend.store.engine.sqlite.db import SqliteDb
from tests.bench.floors.messages import Ping, Send, body_of, decode, pong_of, push_of, reply_of
from tests.bench.floors.people import HERE, Rooms, database
from tests.bench.floors.sockets import Handler, Socket, handler, run

MAX_BATCH = 500
IS_MEMBER = f"SELECT 1 FROM members WHERE conversation_id = ? AND user_id = ? AND left_id = {HERE}"
IS_THERE = "SELECT id FROM messages WHERE sender_id = ? AND client_id = ?"
ADD_MESSAGE = (
    "INSERT INTO messages (conversation_id, seq, kind, sender_id, content, client_id, sent_at)"
    " VALUES (?, ?, 'text', ?, ?, ?, ?)"
)
ADD_LOG = (
    "INSERT INTO log (audience, target, type, body, message_id, created_at)"
    " VALUES (0, ?, 'send_message', ?, ?, ?)"
)


class Waiting(NamedTuple):
    """A message that is to be stored."""

    socket: Socket
    send: Send


class Stored(NamedTuple):
    """A message that is on disk."""

    socket: Socket
    send: Send
    body: bytes
    at: int


class Store:
    """The thread that stores: everything that waits, in one transaction."""

    def __init__(self, db: SqliteDb) -> None:
        self.queue: SimpleQueue[Waiting] = SimpleQueue()
        self._db = db
        self._seqs = dict(db.execute("SELECT id, last_seq FROM conversations"))

    def run(self, loop: asyncio.AbstractEventLoop, rooms: Rooms) -> None:
        """Store batches for ever; each is delivered in the loop."""
        while True:
            batch = self._next_batch()
            self._db.execute("BEGIN IMMEDIATE")
            stored = [self._store(waiting) for waiting in batch]
            self._db.execute("COMMIT")
            loop.call_soon_threadsafe(deliver, rooms, stored)

    def _next_batch(self) -> list[Waiting]:
        batch = [self.queue.get()]
        try:
            while len(batch) < MAX_BATCH:
                batch.append(self.queue.get_nowait())
        except Empty:
            pass
        return batch

    def _store(self, waiting: Waiting) -> Stored:
        socket, send = waiting
        db, user, conversation = self._db, socket.user, send.conversation_id
        assert db.execute(IS_MEMBER, (conversation, user)).fetchone(), waiting
        assert not db.execute(IS_THERE, (user, send.client_id)).fetchone(), waiting
        now = time.time_ns() // 1_000_000
        seq = self._seqs[conversation] = self._seqs[conversation] + 1
        row = (conversation, seq, user, send.content, send.client_id, now)
        id_ = db.execute(ADD_MESSAGE, row).lastrowid or 0
        body = body_of(send, user, id_, seq, now // 1000)
        at = db.execute(ADD_LOG, (conversation, body, id_, now)).lastrowid or 0
        return Stored(socket, send, body, at)


def deliver(rooms: Rooms, stored: list[Stored]) -> None:
    """Give each message to its conversation's sockets, the reply to who sent it."""
    for sender, send, body, at in stored:
        push = push_of(body, at)
        for socket in rooms.sockets[send.conversation_id]:
            if socket is not sender:
                socket.send(push)
        sender.send(reply_of(send.ref, body, at))


async def start() -> Handler:
    """The handler of `/ws`."""
    db = database()
    rooms, store = Rooms(db), Store(db)
    loop = asyncio.get_running_loop()
    threading.Thread(target=store.run, args=(loop, rooms), daemon=True).start()

    def receive(socket: Socket, text: bytes) -> None:
        request = decode(text)
        if isinstance(request, Ping):
            socket.send(pong_of(request))
        else:
            store.queue.put(Waiting(socket, request))

    return handler(receive, rooms.enter, rooms.leave)


if __name__ == "__main__":
    run(start)
