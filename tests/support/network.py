"""A bad network: a proxy before a server, or a database, that cuts, delays, trickles, holds."""

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

CHUNK = 16 * 1024
ON_THE_WAY = 8  # chunks that are delayed at once, each way
SMALL_BUFFER = 128 * 1024  # smaller ones are slow by themselves


class Network:
    """What lies between; changes take effect at once, also for connections that are open.

    What passes to the server arrives `delay_up` seconds later, what passes to the client
    `delay_down`. `trickle` lets so few bytes a second pass to the client. While connections stay
    open, `silent` swallows everything both ways, `frozen` holds it, and `deaf` takes nothing more
    from the server, as a client that does not read.
    """

    def __init__(self, port: int) -> None:
        self.delay_up = 0.0
        self.delay_down = 0.0
        self.trickle = 0
        self.silent = False
        self.frozen = False
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
        self.delay_up, self.delay_down, self.trickle = 0.0, 0.0, 0
        self.silent, self.frozen, self.deaf = False, False, False
        self._changed.set()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join a client with the server."""
        link = socket.socket(socket.AF_INET)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        link.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(link, ("127.0.0.1", self._port))
        except ConnectionError:  # as if it were refused here
            writer.transport.abort()
            link.close()
            return
        server_reader, server_writer = await asyncio.open_connection(sock=link, limit=CHUNK)
        self._writers += [writer, server_writer]
        self._join(reader, server_writer, down=False)
        self._join(server_reader, writer, down=True)

    async def close(self) -> None:
        """End everything."""
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _join(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, down: bool
    ) -> None:
        late: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(ON_THE_WAY)
        self._spawn(self._take(reader, late, down=down))
        self._spawn(self._give(late, writer, down=down))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(
        self, reader: asyncio.StreamReader, late: asyncio.Queue[tuple[float, bytes]], *, down: bool
    ) -> None:
        clock = asyncio.get_running_loop().time
        data = b"begun"
        while data:
            while self.frozen or (down and self.deaf):
                self._changed.clear()
                await self._changed.wait()
            try:
                data = await reader.read(CHUNK)
            except ConnectionError:
                data = b""
            await late.put((clock() + (self.delay_down if down else self.delay_up), data))

    async def _give(
        self, late: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter, *, down: bool
    ) -> None:
        clock = asyncio.get_running_loop().time
        try:
            while True:
                due, data = await late.get()
                if due > clock():
                    await asyncio.sleep(due - clock())
                while self.frozen:
                    self._changed.clear()
                    await self._changed.wait()
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
