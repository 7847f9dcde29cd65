"""GET /metrics and below, for who asks on this machine; to anybody else there is no such path."""

import asyncio
from functools import partial
from importlib import import_module

from aiohttp import web

from backend.gateway.registry import OnlineUser
from backend.http.local import is_local
from backend.http.responses import answer
from backend.http.routing import Route
from backend.metrics.sources import Sources
from backend.protocol.http.server import CONNECTED, METRICS, Connected, ConnectedUser

MOST = 200  # users that are told of


def routes(sources: Sources) -> list[Route]:
    """Return the routes, answered from these sources."""
    return [
        Route(METRICS, partial(metrics, sources)),
        Route(CONNECTED, partial(connected, sources)),
    ]


async def connected(sources: Sources, request: web.Request) -> web.Response:
    """Tell the operator who is connected, those who have sent the most first."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    is_operator = kind == "Bearer" and sources.services.tokens.is_operator(token)
    if not is_local(request) or not is_operator:
        raise web.HTTPNotFound
    users = [each for each in sources.gateway.registry.users.values() if each.sockets]
    told = [_told(each) for each in users]
    told.sort(key=lambda each: each.frames, reverse=True)
    return answer(request, CONNECTED.ok, Connected(count=len(told), users=tuple(told[:MOST])))


def _told(user: OnlineUser) -> ConnectedUser:
    return ConnectedUser(
        username=user.username,
        sockets=len(user.sockets),
        frames=sum(each.handled for each in user.sockets),
        waiting=sum(each.outbox.waiting for each in user.sockets),
    )


async def metrics(sources: Sources, request: web.Request) -> web.Response:
    """Tell every figure, as Prometheus reads it."""
    if not is_local(request):
        raise web.HTTPNotFound
    await sources.refresh()
    # the library is a tenth of what a start imports: so not before the first who asks, and then on
    # a thread, so that nobody waits for it
    await asyncio.to_thread(import_module, "backend.metrics.collector")
    from backend.metrics.collector import CONTENT_TYPE, exposition  # noqa: PLC0415

    return web.Response(body=exposition(sources), headers={"Content-Type": CONTENT_TYPE})
