"""What the server tells about itself: /, /misc/ping and /health."""

import asyncio
from functools import partial

from aiohttp import web

from backend import VERSION
from backend.http import pages
from backend.http.responses import answer
from backend.http.routing import Route
from backend.protocol.base import PROTOCOL_VERSION
from backend.protocol.http import server
from backend.store import probe
from backend.store.database import Database
from backend.store.engine.faults import DatabaseError, Unavailable

HEALTH_TIMEOUT = 3.0


def routes(database: Database) -> list[Route]:
    """Return the routes; `database` is the one whose health is told."""
    return [
        Route(server.ABOUT, about),
        Route(server.PING, ping),
        Route(server.HEALTH, partial(health, database)),
    ]


async def about(request: web.Request) -> web.Response:
    """Which server this is; for a browser, the page."""
    if pages.wants_page(request):
        return await pages.front(request)
    told = server.About("parley", VERSION, PROTOCOL_VERSION)
    return answer(request, server.ABOUT.ok, told)


async def ping(request: web.Request) -> web.Response:
    """Say that the server answers."""
    return answer(request, server.PING.ok)


async def health(database: Database, request: web.Request) -> web.Response:
    """Say whether the database takes reads and writes: 200, or 503 with the reason."""
    healthy, unavailable = server.HEALTH.answers
    reason = await find_fault(database)
    if reason is not None:
        return answer(request, unavailable, server.Health("unavailable", reason))
    return answer(request, healthy, server.Health("ok"))


async def find_fault(database: Database) -> str | None:
    """What is wrong with the database, None if nothing is.

    A write is tried only when the last one failed, to see whether the cause is gone.
    """
    try:
        async with asyncio.timeout(HEALTH_TIMEOUT):
            await database.read(probe.read)
            if database.writer.failing is not None:
                await database.write(probe.write)
    except (DatabaseError, Unavailable) as error:
        return str(error)
    except TimeoutError:
        return "the database does not answer"
    return None
