"""A gateway before the server, which passes on what comes below a prefix, with it or without."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import WSMsgType, web

HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade", "content-length"})


@asynccontextmanager
async def gateway(port: int, prefix: str, strips: bool) -> AsyncIterator[str]:
    """Stand before the server at `port`; gives the address, without the prefix."""
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    ) as http:

        async def answer(request: web.Request) -> web.StreamResponse:
            path = request.path_qs.removeprefix(prefix) if strips else request.path_qs
            url = f"http://localhost:{port}{path}"
            headers = {k: v for k, v in request.headers.items() if k.lower() not in HOP}
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return await _tunnel(http, request, url)
            body = await request.read()
            async with http.request(
                request.method, url, data=body, headers=headers, allow_redirects=False
            ) as told:
                response = web.Response(status=told.status, body=await told.read())
                for name, value in told.headers.items():
                    if name.lower() not in HOP | {"content-type"}:
                        response.headers.add(name, value)
                response.headers["Content-Type"] = told.headers.get("Content-Type", "")
                return response

        app = web.Application(client_max_size=1 << 20)
        app.router.add_route("*", prefix + "{path:(/.*)?}", answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"http://localhost:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


async def _tunnel(
    http: aiohttp.ClientSession, request: web.Request, url: str
) -> web.WebSocketResponse:
    """Pass on frames both ways until one side closes."""
    offered = request.headers.get("Sec-WebSocket-Protocol", "").split(",")
    protocols = [each.strip() for each in offered if each.strip()]
    here = web.WebSocketResponse(protocols=protocols[:1])
    kept = {k: v for k, v in request.headers.items() if k in {"Cookie", "Origin", "Host"}}
    async with http.ws_connect(url, headers=kept, protocols=protocols, max_msg_size=0) as there:
        await here.prepare(request)

        async def back() -> None:
            async for message in there:
                if message.type is WSMsgType.TEXT:
                    await here.send_str(message.data)
            await here.close(code=there.close_code or 1000)

        task = asyncio.create_task(back())
        async for message in here:
            if message.type is WSMsgType.TEXT:
                await there.send_str(message.data)
        await there.close()
        await task
    return here
