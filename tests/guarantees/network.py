"""A bad network: a proxy between client and server that cuts, delays, trickles and half-opens."""

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

CHUNK = 16 * 1024
SMALL_BUFFER = 128 * 1024  # smaller ones are slow by themselves


class Network:
    """What lies between; changes take effect at once, also for connections that are open.

    `delay` holds every chunk back for so many seconds, `trickle` lets so few bytes a second pass
    to the client, `silent` swallows everything both ways while the connections stay open, and
    `deaf` takes nothing more from the server, as a client that does not read.
    """

    def __init__(self, port: int) -> None:
        self.delay = 0.0
        self.trickle = 0
        self.silent = False
        self.deaf = False
        self.url = ""
        self.passed = 0
        self._port = port
        self._cut_after: int | None = None
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    def cut(self) -> None:
        """Break every connection now."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def cut_after(self, size: int) -> None:
        """Break every connection once so many more bytes have passed to the client."""
        self._cut_after = self.passed + size

    def heal(self) -> None:
        """Let everything pass again."""
        self.delay, self.trickle, self.silent, self.deaf = 0.0, 0, False, False
        self._changed.set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join a client with the server."""
        link = socket.socket(socket.AF_INET)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        link.setblocking(False)
        await asyncio.get_running_loop().sock_connect(link, ("127.0.0.1", self._port))
        server_reader, server_writer = await asyncio.open_connection(sock=link, limit=CHUNK)
        self._writers += [writer, server_writer]
        self._spawn(self._pass(reader, server_writer, down=False))
        self._spawn(self._pass(server_reader, writer, down=True))

    async def close(self) -> None:
        """End everything."""
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, down: bool
    ) -> None:
        try:
            while True:
                if down and self.deaf:
                    self._changed.clear()
                    await self._changed.wait()
                data = await reader.read(CHUNK)
                if not data:
                    break
                if not self.silent:
                    await self._forward(data, writer, down)
        except ConnectionError:
            pass
        finally:
            if not self.silent:
                writer.close()

    async def _forward(self, data: bytes, writer: asyncio.StreamWriter, down: bool) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
        if down and self._cut_after is not None and self.passed + len(data) >= self._cut_after:
            writer.write(data[: self._cut_after - self.passed])
            await writer.drain()
            self._cut_after = None
            self.cut()
            return
        writer.write(data)
        await writer.drain()
        if down:
            self.passed += len(data)
            if self.trickle:
                await asyncio.sleep(len(data) / self.trickle)


@asynccontextmanager
async def network(port: int) -> AsyncIterator[Network]:
    """A network in front of the server at `port`; clients connect to its `url`."""
    between = Network(port)
    listener = await asyncio.start_server(between.accept, "127.0.0.1", 0, limit=CHUNK)
    between.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield between
    finally:
        listener.close()
        await between.close()
