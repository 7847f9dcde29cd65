"""A deploy by two commands: the new server is there before the old one goes."""

import asyncio
import contextlib
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator

from tests.guarantees.conftest import Serve
from tests.guarantees.load import Load

# as systemd would: the socket is the third file, and the variables name this very process
ACTIVATED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, "-m", "backend", "serve"])
"""


class Visitor:
    """Opens one connection after the other; `refused_for` is the longest time none was taken."""

    def __init__(self, port: int) -> None:
        self.refused_for = 0.0
        self._port = port

    @contextlib.asynccontextmanager
    async def going(self) -> AsyncIterator[None]:
        """Come again and again meanwhile."""
        task = asyncio.create_task(self._come())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _come(self) -> None:
        refused_since: float | None = None
        while True:
            now = time.monotonic()
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self._port)
                writer.close()
                refused_since = None
            except ConnectionRefusedError:
                refused_since = refused_since or now
                self.refused_for = max(self.refused_for, time.monotonic() - refused_since)
            await asyncio.sleep(0.005)


async def test_two_commands_lose_nothing(serve: Serve) -> None:
    """The second `serve` waits; when the first is told to go, people go on with the second.

    Three times under load: no message is lost or doubled, and who comes while the first one still
    drains is not refused but waits for the second.
    """
    server, people = await serve(RATE_LIMIT="0", RESUME_MAX_EVENTS="100000")
    load, visitor = await Load.prepare(people), Visitor(server.port)
    running = server
    async with load.going(), visitor.going():
        for _ in range(3):
            running = await load.over_a_deploy(running)
        await load.stop_writing()
        await load.check_lived_is_stored()
    assert [fault for device in load.devices for fault in device.faults] == []
    assert await running.stop() == 0
    assert visitor.refused_for < 1


async def test_a_socket_of_systemds_refuses_nobody(serve: Serve) -> None:
    """The port is open while no server is: who comes then is served by the next one."""
    server, people = await serve()
    (alice,) = await people.online("alice")
    cursor = alice.cursor
    assert await server.stop() == 0
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        port = listening.getsockname()[1]
        visitor, person = Visitor(port), people.people[0]
        person.url = f"http://127.0.0.1:{port}"
        async with visitor.going():
            for _ in range(2):
                coming = asyncio.create_task(person.connect(cursor))
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-c", ACTIVATED, str(listening.fileno()),
                    cwd=server.folder,
                    env=server.environment(),
                    pass_fds=[listening.fileno()],
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.STDOUT,
                )  # fmt: skip
                again = await coming
                assert (await again.next("resume"))["data"]["status"] == "ok"
                process.send_signal(signal.SIGTERM)
                assert (await again.wait_closed()).code == 1001
                assert process.stdout is not None
                assert b"Traceback" not in await process.stdout.read()
                assert await process.wait() == 0
    assert visitor.refused_for == 0
