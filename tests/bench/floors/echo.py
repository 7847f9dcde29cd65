"""Echo: decode a ping, write its answer."""

from tests.bench.floors.messages import Ping, decode, pong_of
from tests.bench.floors.sockets import Handler, Socket, handler, run


def answer(socket: Socket, text: bytes) -> None:
    """Answer one ping."""
    ping = decode(text)
    assert isinstance(ping, Ping), ping
    socket.send(pong_of(ping))


async def start() -> Handler:
    """The handler of `/ws`."""
    return handler(answer)


if __name__ == "__main__":
    run(start)
