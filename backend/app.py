"""The one place where everything meets: a server put together, run, and taken down."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import NamedTuple

from aiohttp import web

from backend.accounts import dev
from backend.accounts import routes as accounts
from backend.accounts.services import Services, build_services
from backend.cluster import Cluster
from backend.files import routes
from backend.files.purge import sweep
from backend.files.services import Files, build_files
from backend.gateway.gateway import Gateway
from backend.handlers.faults import Faults
from backend.handlers.table import HANDLERS
from backend.housekeeping import Housekeeping
from backend.http import docs, health, pages
from backend.http.answered import ANSWERED
from backend.http.application import add_routes, application
from backend.http.context import CONTEXT
from backend.http.doors import Doors
from backend.http.health import Condition
from backend.http.listening import BACKLOG, listeners, raise_file_limit
from backend.http.routing import Route
from backend.metrics import routes as metrics
from backend.metrics.port import metrics_port
from backend.metrics.sources import Sources
from backend.peers import Peers, own_name
from backend.protocol.http.server import SOCKET
from backend.settings import Settings
from backend.store import log
from backend.store.database import Database
from backend.store.index_file import attach
from backend.store.indexer import SearchIndex

# longer than proxies keep theirs (nginx 60, Caddy 120), or they would send into a closing one
KEEPALIVE_SECONDS = 150.0
# of a body, before its reader is waited for: aiohttp's own 256 KB is much when a hundred upload
READ_AHEAD = 16 * 1024


class Server:
    """A running server: `app` answers, `port` is where it listens, `condition` how it is.

    `metrics_port` is where /metrics has its own.
    """

    def __init__(
        self,
        settings: Settings,
        app: web.Application,
        doors: Doors,
        database: Database,
        gateway: Gateway,
        condition: Condition,
    ) -> None:
        self.app = app
        self.condition = condition
        self._database = database
        self._gateway = gateway
        self._settings = settings
        self._doors = doors
        self._listening: list[asyncio.Server] = []
        self.port = settings.port
        self.metrics_port: int | None = None

    async def listen(self, bound: Sequence[socket.socket]) -> None:
        """Take in who comes to these sockets; without any, open the port."""
        loop = asyncio.get_running_loop()
        for listener in bound or listeners(self._settings.host, self._settings.port):
            self.port = listener.getsockname()[1]
            listening = await loop.create_server(self._doors, sock=listener, backlog=BACKLOG)
            self._listening.append(listening)

    async def broken(self) -> None:
        """Return when the server cannot go on."""
        await self._database.broken()

    async def drain(self) -> None:
        """Stop accepting, finish what was received, send the clients away to come back."""
        self.condition.is_draining = True
        for listening in self._listening:
            listening.close()
        if self._database.is_broken:  # nothing will be settled any more: clients resume
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.drain_timeout):
                await self._gateway.drain()


def _runner(settings: Settings, app: web.Application) -> tuple[web.AppRunner, Doors]:
    """What answers with the application, and the doors before it."""
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=1.0,
        keepalive_timeout=KEEPALIVE_SECONDS,
        read_bufsize=READ_AHEAD,
    )

    def inner() -> asyncio.Protocol:
        assert runner.server is not None
        return runner.server()

    doors = Doors(
        inner,
        patience=settings.first_request_timeout,
        most=min(settings.connections_per_address, raise_file_limit() // 2),
        proxies=app[CONTEXT].proxies,
    )
    return runner, doors


async def _close_connections(runner: web.AppRunner) -> None:
    """End every request, then every connection: one that takes nothing would keep us for ever."""
    connections = runner.server.connections if runner.server is not None else []
    transports = [each.transport for each in connections if each.transport is not None]
    await runner.cleanup()
    for transport in transports:
        transport.abort()


class Rooms(NamedTuple):
    """What serves a database, made once each."""

    peers: Peers
    gateway: Gateway
    services: Services
    files: Files
    faults: Faults | None


async def _rooms(settings: Settings, database: Database) -> Rooms:
    """All that serves the database, from here on in a new epoch."""
    epoch = await database.start()
    position = await database.read(log.head)
    peers = Peers(own_name())
    peers.is_open = database.is_shared
    faults = Faults() if settings.dev else None
    handlers = faults.among(HANDLERS) if faults is not None else HANDLERS
    gateway = Gateway(settings, database, handlers, epoch, position, peers)
    services = build_services(settings, database, peers)
    files = build_files(settings, database, services.tokens, services.identities, peers)
    await sweep(files)
    return Rooms(peers, gateway, services, files, faults)


def _application(settings: Settings, rooms: Rooms, condition: Condition) -> web.Application:
    """Every route but that of the metrics, which count this too."""
    identify = rooms.services.identities.identify
    return application(
        settings,
        health.routes(condition),
        pages.routes(),
        docs.routes(settings),
        accounts.routes(rooms.services),
        dev.routes(rooms.services, rooms.faults),
        routes.routes(rooms.files),
        [Route(SOCKET, partial(rooms.gateway.handle, identify))],
    )


@contextlib.asynccontextmanager
async def running(settings: Settings, bound: Sequence[socket.socket] = ()) -> AsyncIterator[Server]:
    """A server on a migrated database of which this process is the owner.

    It listens on the sockets that are given, or else where the settings say.
    """
    index = await SearchIndex.open(settings.database)
    database = await Database.open(settings.database, lambda db: attach(db, settings.database))
    try:
        rooms = await _rooms(settings, database)
        peers, gateway, services, files, _ = rooms
        condition = Condition(database, own_name() if database.is_shared else None)
        app = _application(settings, rooms, condition)
        runner, doors = _runner(settings, app)
        sources = Sources(database, gateway, services, files, index, app[ANSWERED], doors)
        if settings.metrics == "loopback":
            add_routes(app, metrics.routes(sources))
        await runner.setup()
        server = Server(settings, app, doors, database, gateway, condition)
        housekeeping = Housekeeping(settings, database, gateway, index, files)
        cluster = Cluster(database, gateway, peers, settings.presence_grace)
        try:
            async with metrics_port(settings, sources) as server.metrics_port:
                if database.is_shared:
                    await cluster.start()
                await server.listen(bound)
                housekeeping.start()
                yield server
                await server.drain()
        finally:
            await cluster.stop()
            await housekeeping.stop()
            await _close_connections(runner)
            services.passwords.close()
    finally:
        await database.close()
        await index.close()
