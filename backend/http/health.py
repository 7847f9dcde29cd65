"""What the server tells about itself: /, /misc/ping, /health and /ready."""

import asyncio
from functools import partial
from typing import Literal

from aiohttp import web
from msgspec import UNSET, UnsetType

from backend import VERSION
from backend.http import pages
from backend.http.context import CONTEXT
from backend.http.responses import answer
from backend.http.routing import Route
from backend.logs import Journal
from backend.protocol.base import PROTOCOL_VERSION
from backend.protocol.http import server
from backend.store import probe
from backend.store.database import Database
from backend.store.engine.faults import DatabaseError, Unavailable

journal = Journal("parley.http")
READY_TIMEOUT = 3.0
STUCK_SECONDS = 60.0


class Condition:
    """How the server is."""

    def __init__(self, database: Database, node: str | None = None) -> None:
        """`node` is what it is called, where it is one of several."""
        self._database = database
        self.node = node
        self.is_draining = False

    def is_alive(self, within: float = STUCK_SECONDS) -> bool:
        """Whether the writer has come round within so many seconds; the loop has, if this is asked.

        A database that takes nothing fails in less, and the writer goes on.
        """
        return not self._database.is_broken and self._database.writer.quiet_seconds < within

    async def why_not_ready(self) -> str | None:
        """Why no traffic should come, None if it may; strangers see it, so the cause is logged.

        A write is tried only when the last one failed, to see whether the cause is gone.
        """
        if self.is_draining:
            return "draining"
        try:
            async with asyncio.timeout(READY_TIMEOUT):
                await self._database.read(probe.read)
                if self._database.writer.failing is not None:
                    await self._database.write(probe.write)
        except (*DatabaseError, Unavailable) as error:
            text = "not ready, the database does not take it: %(reason)s"
            journal.warning("not_ready", text, reason=error)
            return "the database does not take it"
        except TimeoutError:
            return "the database does not answer"
        return None


def routes(condition: Condition) -> list[Route]:
    """Return the routes; `condition` is what is told."""
    return [
        Route(server.ABOUT, partial(about, condition)),
        Route(server.PING, ping),
        Route(server.HEALTH, partial(health, condition)),
        Route(server.READY, partial(ready, condition)),
    ]


async def about(condition: Condition, request: web.Request) -> web.Response:
    """Which server this is; for a browser, the page."""
    if pages.wants_page(request):
        return await pages.front(request)
    dev: Literal[True] | UnsetType = True if request.app[CONTEXT].is_dev else UNSET
    told = server.About("parley", VERSION, PROTOCOL_VERSION, dev, condition.node or UNSET)
    return answer(request, server.ABOUT.ok, told)


async def ping(request: web.Request) -> web.Response:
    """Say that the server answers."""
    return answer(request, server.PING.ok)


async def health(condition: Condition, request: web.Request) -> web.Response:
    """Say whether the process is alive: 200, or 503."""
    alive, dead = server.HEALTH.answers
    if condition.is_alive():
        return answer(request, alive, server.Health("ok"))
    return answer(request, dead, server.Health("unavailable", "the writer does not come round"))


async def ready(condition: Condition, request: web.Request) -> web.Response:
    """Say whether traffic may come: 200, or 503 with the reason."""
    may, may_not = server.READY.answers
    reason = await condition.why_not_ready()
    if reason is not None:
        return answer(request, may_not, server.Health("unavailable", reason))
    return answer(request, may, server.Health("ok"))
