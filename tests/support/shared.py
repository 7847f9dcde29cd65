"""One server for many tests, and people on it whose names nobody else has."""

import asyncio
import itertools
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.client import Person, Town
from tests.support.server import Server

# Off what is tested with settings of its own.
MANY = {"REGISTER_ATTEMPTS": "1000000", "RATE_LIMIT": "0", "PASSWORD_WORKERS": "2"}
_numbers = itertools.count(1)


@contextmanager
def shared_server(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server that lives longer than one test, looked after by a thread with its own loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = Server(folder, {**MANY, **(settings or {})})
    try:
        asyncio.run_coroutine_threadsafe(server.start(), loop).result()
        yield server
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class SharedTown(Town):
    """People on a shared server: each name asked for is made one that is new there."""

    async def person(self, username: str) -> Person:
        """A new account, logged in; its name begins with the one asked for."""
        return await super().person(f"{username}{next(_numbers)}")
