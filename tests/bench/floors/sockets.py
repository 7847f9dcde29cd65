"""What every floor is made of: a socket whose frames are joined, and a server on a free port."""

import asyncio
import os
import resource
from collections.abc import Awaitable, Callable, Iterable

import uvloop
from aiohttp import WSMsgType, web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
OnFrame = Callable[["Socket", bytes], None]
OnOpen = Callable[["Socket"], Awaitable[None]]

_dirty: list["Socket"] = []


class Socket:
    """A connected client; frames for it are written once per turn of the loop, joined."""

    __slots__ = ("request", "transport", "user", "waiting")

    def __init__(self, request: web.Request, transport: asyncio.Transport) -> None:
        self.request = request
        self.transport = transport
        self.user = 0
        self.waiting: list[bytes] = []

    def send(self, frame: bytes) -> None:
        """Queue a whole frame for the end of this turn."""
        if not self.waiting:
            if not _dirty:
                asyncio.get_running_loop().call_soon(_flush)
            _dirty.append(self)
        self.waiting.append(frame)


def _flush() -> None:
    for socket in _dirty:
        waiting = socket.waiting
        socket.transport.write(waiting[0] if len(waiting) == 1 else b"".join(waiting))
        waiting.clear()
    _dirty.clear()


def frame(payload: bytes) -> bytes:
    """An unmasked, final text frame (RFC 6455, section 5.2)."""
    length = len(payload)
    if length < 126:
        return bytes((0x81, length)) + payload
    if length < 65536:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


async def _nothing(socket: Socket) -> None:
    pass


def handler(
    on_frame: OnFrame, on_open: OnOpen = _nothing, on_close: Callable[[Socket], None] | None = None
) -> Handler:
    """The aiohttp handler of `/ws`: a Socket per client, `on_frame` for each text frame."""

    async def serve_socket(request: web.Request) -> web.StreamResponse:
        ws = web.WebSocketResponse(heartbeat=25, compress=False, decode_text=False)
        await ws.prepare(request)
        assert request.transport is not None
        socket = Socket(request, request.transport)
        await on_open(socket)
        while (message := await ws.receive()).type is WSMsgType.TEXT:
            on_frame(socket, message.data)
        if on_close is not None:
            on_close(socket)
        return ws

    return serve_socket


def run(start: Callable[[], Awaitable[Handler]]) -> None:
    """Serve `/ws` with the handler that `start` gives, on a free port that is printed, for ever."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    uvloop.run(_serve(start))


async def _serve(start: Callable[[], Awaitable[Handler]]) -> None:
    await _serve_routes([web.get("/ws", await start())])


def serve_for_ever(routes: Iterable[web.RouteDef]) -> None:
    """Answer HTTP by these routes, on a free port that is printed."""
    uvloop.run(_serve_routes(routes))


async def _serve_routes(routes: Iterable[web.RouteDef]) -> None:
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, handle_signals=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", int(os.environ.get("PORT", "0")), backlog=4096)
    await site.start()
    print(f"listening on http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()
