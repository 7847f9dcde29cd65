"""`python -m backend serve`: run the server until it is told to stop."""

import asyncio
import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Sequence

from aiohttp.http_exceptions import HttpProcessingError

from backend import garbage
from backend.app import running
from backend.commands.migrate import bring_up
from backend.commands.systemd import keep_awake, notify
from backend.http.listening import inherited, when_free
from backend.logs import Journal, set_up
from backend.peers import own_name
from backend.settings import BadSetting, Settings
from backend.store.engine import ownership
from backend.store.engine.connection import open_database, shown

if sys.platform == "win32":
    run_loop = asyncio.run
else:
    from uvloop import run as run_loop

journal = Journal("parley")
WELCOME = """
Parley listens on {url}
  database  {database}
  stop      Ctrl-C

Open it in a browser, or try in another terminal:
  curl -i {url}/register -d \\
    '{{"username": "carol", "password": "correct horse", "fullname": "Carol"}}'
  curl -i {url}/auth/login -d '{{"username": "carol", "password": "correct horse"}}'
The tour goes on in README.md."""

DEV = (
    "DEV=1: whoever is on this machine can be ANYBODY here, by X-User-ID and without a password."
    " It is for writing clients, and for no data that matters"
)


def serve(settings: Settings, *, wait: bool) -> int:
    """Migrate, listen, serve; gives the exit code: 0 when told to stop, 1 after a fault.

    With `wait`, a server that is there already is waited for: who comes from the moment it closes
    the port is kept in this one's queue, and taken in when that one has drained and is gone.
    """
    node = own_name() if settings.database_url else None
    set_up(settings.log_level, settings.log_format, node)
    logging.getLogger("aiohttp.server").addFilter(_is_a_fault)
    # it would tell of every subprotocol offered that is not ours, whole, and some are tokens
    logging.getLogger("aiohttp.websocket").setLevel(logging.ERROR)
    bound = inherited()
    if bound and settings.dev:
        raise BadSetting("DEV is true: it listens itself, and on no socket that it is handed")
    if wait:
        _tell(settings, "waiting", "waiting for the server before to drain")
        bound = bound or when_free(settings.host, settings.port)
    lock = ownership.when_free(settings.database) if wait else ownership.take(settings.database)
    try:
        with contextlib.closing(open_database(settings.database)) as db:
            for migration in bring_up(db):
                step = f"{migration.number:04} {migration.name}"
                _tell(settings, "migrated", "migrated %(step)s", step=step)
        return run_loop(_serve(settings, bound))
    finally:
        lock.close()


def _tell(settings: Settings, event: str, text: str, **fields: object) -> None:
    """Say what becomes of the server: to who has started it, or as a line of the log like all."""
    if settings.log_format == "json":
        journal.info(event, text, **fields)
    else:
        print(text % fields, flush=True)


def _welcome(settings: Settings, url: str) -> None:
    if settings.log_format == "json":
        journal.info("listening", "Parley listens on %(url)s", url=url)
    else:
        print(WELCOME.format(url=url, database=shown(settings.database)), flush=True)


def _is_a_fault(record: logging.LogRecord) -> bool:
    """Whether it is not only that somebody sent what is no HTTP, which anybody may do for ever."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


async def _serve(settings: Settings, bound: Sequence[socket.socket]) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGINT"):
        if sys.platform == "win32":
            signal.signal(getattr(signal, name), lambda *_: loop.call_soon_threadsafe(stop.set))
        else:
            loop.add_signal_handler(getattr(signal, name), stop.set)
    async with running(settings, bound) as server:
        garbage.settle()
        url = f"http://{settings.host}:{server.port}"
        if server.metrics_port is not None:
            figures = f"http://localhost:{server.metrics_port}/metrics"
            _tell(settings, "metrics", "figures are at %(url)s", url=figures)
        _welcome(settings, url)
        if settings.dev:
            journal.warning("dev", DEV)
        told = asyncio.create_task(stop.wait())
        broken = asyncio.create_task(server.broken())
        awake = asyncio.create_task(keep_awake(server.condition.is_alive))
        notify("READY=1")
        await asyncio.wait([told, broken], return_when=asyncio.FIRST_COMPLETED)
        notify("STOPPING=1")
        _tell(settings, "draining", "draining")
        for task in (told, broken, awake):
            task.cancel()
        return 0 if stop.is_set() else 1
