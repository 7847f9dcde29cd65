"""The one place where everything meets: a server put together, run, and taken down."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from functools import partial

from aiohttp import web

from backend.accounts import routes as accounts
from backend.accounts.services import build_services
from backend.files import routes
from backend.files.purge import sweep
from backend.files.services import build_files
from backend.gateway.gateway import Gateway
from backend.handlers.table import HANDLERS
from backend.housekeeping import Housekeeping
from backend.http import health, pages
from backend.http.application import application
from backend.http.context import CONTEXT
from backend.http.doors import Doors
from backend.http.listening import BACKLOG, listeners, raise_file_limit
from backend.settings import Settings
from backend.store import log
from backend.store.database import Database
from backend.store.indexer import SearchIndex
from backend.store.search import attach

logger = logging.getLogger("parley")
# longer than proxies keep theirs (nginx 60, Caddy 120), or they would send into a closing one
KEEPALIVE_SECONDS = 150.0


class Server:
    """A running server; `port` is where it listens."""

    def __init__(
        self, settings: Settings, runner: web.AppRunner, database: Database, gateway: Gateway
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._settings = settings
        self._runner = runner
        self._listening: list[asyncio.Server] = []
        self.port = settings.port

    async def listen(self) -> None:
        """Open the port."""
        assert self._runner.server is not None
        settings, loop = self._settings, asyncio.get_running_loop()
        doors = Doors(
            self._runner.server,
            patience=settings.first_request_timeout,
            most=min(settings.connections_per_address, raise_file_limit() // 2),
            proxies=self._runner.app[CONTEXT].proxies,
        )
        for listener in listeners(settings.host, settings.port):
            self.port = listener.getsockname()[1]
            listening = await loop.create_server(doors, sock=listener, backlog=BACKLOG)
            self._listening.append(listening)

    async def broken(self) -> None:
        """Return when the server cannot go on."""
        await self._database.broken()

    async def drain(self) -> None:
        """Stop accepting, finish what was received, send the clients away to come back."""
        for listening in self._listening:
            listening.close()
        if self._database.is_broken:  # nothing will be settled any more: clients resume
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.drain_timeout):
                await self._gateway.drain()


async def _close_connections(runner: web.AppRunner) -> None:
    """End every request, then every connection: one that takes nothing would keep us for ever."""
    connections = runner.server.connections if runner.server is not None else []
    transports = [each.transport for each in connections if each.transport is not None]
    await runner.cleanup()
    for transport in transports:
        transport.abort()


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Server]:
    """A server on a migrated database of which this process is the owner."""
    index = await SearchIndex.open(settings.dbpath)
    database = await Database.open(settings.dbpath, lambda db: attach(db, settings.dbpath))
    try:
        epoch = await database.write(log.start_epoch)
        position = await database.read(log.head)
        gateway = Gateway(settings, database, HANDLERS, epoch, position)
        services = build_services(settings, database)
        files = build_files(settings, database, services.tokens, services.identities)
        await sweep(files)
        socket_route = web.get("/ws", partial(gateway.handle, services.identities.identify))
        app = application(
            settings,
            health.routes(database),
            pages.routes(),
            accounts.routes(services),
            routes.routes(files),
            [socket_route],
        )
        runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=1.0, keepalive_timeout=KEEPALIVE_SECONDS
        )
        await runner.setup()
        server = Server(settings, runner, database, gateway)
        housekeeping = Housekeeping(settings, database, gateway, index, files)
        try:
            await server.listen()
            housekeeping.start()
            yield server
            await server.drain()
        finally:
            await housekeeping.stop()
            await _close_connections(runner)
            services.passwords.close()
    finally:
        await database.close()
        await index.close()
