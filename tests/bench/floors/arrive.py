"""Arrive: verify a token, make one hop to the database, write the product's bytes.

FRAMES names a file with the frames that the product wrote to somebody who came like this. The
contacts who are online are told, once per person, as the product tells them.
"""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from backend.store.engine.db import Db
from tests.bench.floors.people import database, verified
from tests.bench.floors.sockets import Handler, Socket, frame, handler, run

SESSION = (
    "SELECT s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id"
    " WHERE s.id = ? AND s.user_id = ?"
)


class Presence:
    """Who is online, and whose contact."""

    def __init__(self, db: Db) -> None:
        self._online: dict[int, Socket] = {}
        self._seen: set[int] = set()
        self._contacts: dict[int, list[int]] = {}
        for user, contact in db.execute("SELECT user_id, contact_id FROM contacts"):
            self._contacts.setdefault(user, []).append(contact)

    def enter(self, socket: Socket) -> None:
        """Tell the contacts who are here, the first time."""
        first = socket.user not in self._seen
        self._seen.add(socket.user)
        self._online[socket.user] = socket
        if not first:
            return
        push = frame(
            b'{"type":"user_status","success":true,"data":'
            b'{"username":"user%d","is_online":true,"last_online":null}}' % socket.user
        )
        for contact in self._contacts.get(socket.user, ()):
            if other := self._online.get(contact):
                other.send(push)

    def leave(self, socket: Socket) -> None:
        """Forget a socket that closed."""
        if self._online.get(socket.user) is socket:
            del self._online[socket.user]


async def start() -> Handler:
    """The handler of `/ws`."""
    db = database()
    presence = Presence(db)
    frames = Path(os.environ["FRAMES"]).read_bytes()
    thread = ThreadPoolExecutor(1)
    loop = asyncio.get_running_loop()

    def session_of(user: int, session: int) -> object:
        return db.execute(SESSION, (session, user)).fetchone()

    async def arrive(socket: Socket) -> None:
        socket.user, session = verified(socket)
        found = await loop.run_in_executor(thread, session_of, socket.user, session)
        assert found is not None, socket.user
        presence.enter(socket)
        socket.send(frames)

    return handler(lambda socket, text: None, arrive, presence.leave)


if __name__ == "__main__":
    run(start)
