"""Relay: decode a message, pass it on to the conversation's other sockets; nothing is stored."""

import itertools
import time

from tests.bench.floors.messages import Ping, body_of, decode, pong_of, push_of, reply_of
from tests.bench.floors.people import Rooms, database
from tests.bench.floors.sockets import Handler, Socket, handler, run


async def start() -> Handler:
    """The handler of `/ws`."""
    rooms = Rooms(database())
    ids = itertools.count(1)

    def relay(socket: Socket, text: bytes) -> None:
        request = decode(text)
        if isinstance(request, Ping):
            return socket.send(pong_of(request))
        at = next(ids)
        body = body_of(request, socket.user, at, at, int(time.time()))
        push = push_of(body, at)
        for other in rooms.sockets[request.conversation_id]:
            if other is not socket:
                other.send(push)
        return socket.send(reply_of(request.ref, body, at))

    return handler(relay, rooms.enter, rooms.leave)


if __name__ == "__main__":
    run(start)
