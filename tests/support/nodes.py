"""Several nodes on one PostgreSQL, each with a network of its own between the two."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from tests.support import engine
from tests.support.network import Network, network
from tests.support.server import Server


class Node(Server):
    """A server among several; `link` lies between it and PostgreSQL."""

    def __init__(
        self, folder: Path, link: Network, where: str, settings: Mapping[str, str]
    ) -> None:
        parts = urlsplit(where)
        address = f"{parts.username}:{parts.password}@{urlsplit(link.url).netloc}"
        shared = {
            "DATABASE_URL": parts._replace(netloc=address).geturl(),
            "JWTSECRET": engine.SECRET,
            "FILES": str(folder.parent / "files"),
        }
        super().__init__(folder, {**shared, **settings})
        self.link = link

    def freeze(self) -> None:
        """Hold the process still; its connections stay open and nobody answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)


@contextlib.asynccontextmanager
async def nodes(
    folder: Path, where: str, count: int, program: str = Node.program, **settings: str
) -> AsyncIterator[list[Node]]:
    """So many nodes, running, on the database at `where`; all of them are ended."""
    port = urlsplit(where).port
    assert port is not None
    async with contextlib.AsyncExitStack() as stack:
        found = []
        for number in range(count):
            place = folder / f"node{number}"
            place.mkdir()
            link = await stack.enter_async_context(network(port))
            found.append(Node(place, link, where, settings))
            found[-1].program = program
        await asyncio.gather(*(each.start() for each in found))
        try:
            yield found
        finally:
            for each in found:
                print(each.output)
                each.link.heal()
            await asyncio.gather(*(each.kill() for each in found))
