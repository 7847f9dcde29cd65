"""A port of its own for /metrics, which no proxy passes on by accident."""

import contextlib
from collections.abc import AsyncIterator

from aiohttp import web

from backend.http.application import application
from backend.http.listening import listeners
from backend.metrics.routes import routes
from backend.metrics.sources import Sources
from backend.settings import Settings


@contextlib.asynccontextmanager
async def metrics_port(settings: Settings, sources: Sources) -> AsyncIterator[int | None]:
    """Answer on the port that METRICS names, on this machine only; gives it, None if it is none.

    Raises BadSetting when the port cannot be had.
    """
    if not settings.metrics.isdecimal():
        yield None
        return
    runner = web.AppRunner(
        application(settings, routes(sources)), access_log=None, shutdown_timeout=1.0
    )
    await runner.setup()
    try:
        port = int(settings.metrics)
        for listener in listeners("localhost", port):
            port = listener.getsockname()[1]
            await web.SockSite(runner, listener).start()
        yield port
    finally:
        await runner.cleanup()
