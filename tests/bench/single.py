"""A single person at the product: what they are told, and how long until their first answer."""

import contextlib

import aiohttp

from tests.bench.floors.sockets import frame


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def record(port: int, token: str, cursor: str, others: list[str]) -> bytes:
    """The frames that somebody gets who comes back with `cursor` while others are connected."""
    url = f"http://127.0.0.1:{port}/ws"
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        )
        for other in others:
            await stack.enter_async_context(session.ws_connect(url, headers=_headers(other)))
        back = session.ws_connect(f"{url}?cursor={cursor}", headers=_headers(token))
        async with back as ws:
            frames = b""
            while True:
                text = await ws.receive_str()
                frames += frame(text.encode())
                if text.startswith('{"type":"resumed"'):
                    return frames


async def ask(port: int, token: str, request: str) -> str:
    """The answer to one request on a socket of its own."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"http://127.0.0.1:{port}/ws", headers=_headers(token)) as ws,
    ):
        await ws.send_str(request)
        return await ws.receive_str()
