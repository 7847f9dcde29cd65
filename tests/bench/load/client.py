"""Sockets of the load client, and the gate by which the harness paces it."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar, cast

import msgspec
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

T = TypeVar("T")

PATIENCE = 60.0
SLOWEST = 200  # a second, of what is done for very many
PING = b'{"type":"ping","ref":0}'
PONG = b'{"type":"ping","success":true'
ADDRESSES = 8  # a source address has too few ports for 10,000 people who come and go five times


class LoadError(Exception):
    """The server did not do what the load expects; its text says what came instead."""


class Seat(msgspec.Struct):
    """Somebody who connects: their token, and the path with their cursor."""

    token: str
    path: str = "/ws"


class Listener(WSListener):
    """A connected client that counts being closed as a failure unless it left by itself."""

    def __init__(self) -> None:
        self.transport: WSTransport | None = None
        self.leaving = False
        self.dropped = 0

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Keep the transport."""
        self.transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Note a socket that the server closed."""
        self.dropped += not self.leaving

    def send(self, text: bytes) -> None:
        """Send a text frame."""
        assert self.transport is not None
        self.transport.send(WSMsgType.TEXT, text)

    async def leave(self) -> None:
        """Close from this side."""
        assert self.transport is not None
        self.leaving = True
        self.transport.send_close()
        await self.transport.wait_disconnected()


L = TypeVar("L", bound=Listener)


def refuse(frame: WSFrame) -> LoadError:
    """What to raise for a frame that should not have come."""
    return LoadError(f"unexpected frame: {frame.get_payload_as_bytes()[:300]!r}")


async def connect(
    port: int, seat: Seat, listener: L, number: int = 0, patience: float = PATIENCE
) -> L:
    """Connect `listener` as the seat's user, from one of several source addresses."""
    await ws_connect(
        lambda: listener,
        f"ws://127.0.0.1:{port}{seat.path}",
        extra_headers={"Authorization": f"Bearer {seat.token}"},
        websocket_handshake_timeout=patience,
        local_addr=(f"127.0.0.{2 + number % ADDRESSES}", 0),
    )
    return listener


async def connect_all(
    port: int, seats: Iterable[Seat], make: Callable[[int], L], at_once: int = 50
) -> list[L]:
    """Connect everybody, at most `at_once` at a time; gives the listeners in the seats' order."""
    return await gather(
        (connect(port, seat, make(number), number) for number, seat in enumerate(seats)), at_once
    )


async def gather(work: Iterable[Coroutine[Any, Any, T]], at_once: int) -> list[T]:
    """Run coroutines, at most `at_once` at a time; gives the results in order."""
    results: dict[int, T] = {}
    all_ = list(enumerate(work))
    waiting = iter(all_)

    async def worker() -> None:
        for number, each in waiting:
            results[number] = await each

    patience = PATIENCE + len(all_) / SLOWEST
    async with asyncio.timeout(patience), asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(worker())
    return [results[number] for number in sorted(results)]


async def gate(stage: str) -> None:
    """Tell the harness how far the load is, and wait until it says go."""
    sys.stdout.write(stage + "\n")
    sys.stdout.flush()
    if not await asyncio.to_thread(sys.stdin.readline):
        raise LoadError("the harness is gone")


def seats_of(tokens: Iterable[str], cursors: Iterable[str] | None = None) -> list[Seat]:
    """Seats with these tokens; with cursors, of people who come back."""
    if cursors is None:
        return [Seat(token) for token in tokens]
    pairs = zip(tokens, cursors, strict=True)
    return [Seat(token, f"/ws?cursor={cursor}") for token, cursor in pairs]


def tagged(payload: bytes, type_: bytes) -> bool:
    """Whether a frame is a successful one of that type."""
    return payload.startswith(b'{"type":"%b","success":true' % type_)


def data_of(payload: bytes) -> dict[str, Any]:
    """The `data` of a frame."""
    return cast(dict[str, Any], msgspec.json.decode(payload)["data"])
