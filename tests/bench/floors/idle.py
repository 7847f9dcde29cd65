"""Idle: a bare aiohttp WebSocket with a heartbeat, and nothing else."""

from aiohttp import web

from tests.bench.floors.sockets import Handler, run


async def hold(request: web.Request) -> web.StreamResponse:
    """Keep one socket until it closes."""
    ws = web.WebSocketResponse(heartbeat=25, compress=False, decode_text=False)
    await ws.prepare(request)
    async for _ in ws:
        pass
    return ws


async def start() -> Handler:
    """The handler of `/ws`."""
    return hold


if __name__ == "__main__":
    run(start)
