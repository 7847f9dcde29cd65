"""Who a floor's sockets belong to, read once from the database at the start."""

import os

import jwt

from backend.auth.tokens import AUDIENCE
from backend.store.engine.db import Db
from backend.store.engine.sqlite.db import SqliteDb
from backend.store.engine.sqlite.opening import open_file
from tests.bench.floors.sockets import Socket

HERE = 2**53 - 1


def database() -> SqliteDb:
    """The migrated database that DBPATH names, with the product's pragmas."""
    return open_file(os.environ["DBPATH"])


def verified(socket: Socket) -> tuple[int, int]:
    """The (user, session) of the socket's bearer token; raises when it is not good."""
    token = socket.request.headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, os.environ["JWTSECRET"], algorithms=["HS256"], audience=AUDIENCE)
    return int(claims["sub"]), int(claims["sid"])


class Rooms:
    """Who is connected, to which conversations; no query on the way of a message."""

    def __init__(self, db: Db) -> None:
        self.sockets: dict[int, list[Socket]] = {}
        self._of_user: dict[int, list[int]] = {}
        rows = db.execute("SELECT user_id, conversation_id FROM members WHERE left_id = ?", (HERE,))
        for user, conversation in rows:
            self._of_user.setdefault(user, []).append(conversation)

    async def enter(self, socket: Socket) -> None:
        """Connect a socket to its user's conversations."""
        socket.user = verified(socket)[0]
        for conversation in self._of_user.get(socket.user, ()):
            self.sockets.setdefault(conversation, []).append(socket)

    def leave(self, socket: Socket) -> None:
        """Forget a socket that closed."""
        for conversation in self._of_user.get(socket.user, ()):
            self.sockets[conversation].remove(socket)
