"""The real server, as a process of its own, on a database in a temporary folder."""

import asyncio
import copy
import os
import re
import signal
from collections.abc import Mapping
from pathlib import Path

from backend.store.engine.connection import shown
from tests import ROOT
from tests.support import engine, printed
from tests.support.nursery import Process, spawn

START_SECONDS = 20

# Small, so that tests need not wait; everything else is as it is for users.
QUICK = {
    "PRESENCE_GRACE": "0.2",
    "PASSWORD_WORKERS": "1",
    "REGISTER_ATTEMPTS": "1000",
    "PASSWORD_CHECKS": "1000000",
    "MAX_GROUPS_PER_HOUR": "1000000",
    "CONNECTIONS_PER_ADDRESS": "100000",
}


class Server:
    """A server process that can be stopped, killed and started again on the same database."""

    program = "backend.__main__"
    """The module whose `main` it runs."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.dbpath = folder / "data" / "chat.db"
        self.database = engine.fresh(folder)
        self.folder = folder
        self.port = 0
        self.settings = {**QUICK, **(settings or {})}
        self.output = ""
        self._process: Process | None = None
        self._reader: asyncio.Task[None] | None = None

    def following(self) -> "Server":
        """The server that takes over from this one: on the same database, at the same port."""
        found = copy.copy(self)
        found.output, found._process, found._reader = "", None, None
        return found

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://localhost:{self.port}"

    @property
    def where(self) -> str:
        """What commands call its database."""
        return shown(self.database)

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    def environment(self) -> dict[str, str]:
        """The variables it runs with: nothing of the shell's but the path."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "DBPATH": str(self.dbpath),
            **engine.settings_of(self.database),
            "PORT": str(self.port),
            **self.settings,
        }

    async def start(self, *options: str) -> None:
        """Start it and return once it listens; the port stays the same over restarts."""
        command, program = ["serve", *options], self.program
        self._process = await spawn(command, self.environment(), self.folder, program=program)
        started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._reader = asyncio.create_task(self._read(self._process, started))
        async with asyncio.timeout(START_SECONDS):
            await started

    async def stop(self) -> int:
        """Ask it to go (SIGTERM) and wait; gives the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        return await self.wait()

    async def kill(self) -> None:
        """End it at once, as a crash would (SIGKILL)."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self.wait()

    async def wait(self) -> int:
        """Wait for its end; gives the exit code."""
        assert self._process is not None
        assert self._reader is not None
        async with asyncio.timeout(30):
            code = await self._process.wait()
            await self._reader
        return code

    async def command(self, *arguments: str, stdin: str = "") -> tuple[int, str]:
        """Run `python -m backend …` on the same database; gives exit code and output."""
        process = await spawn(arguments, self.environment(), self.folder, stdin)
        async with asyncio.timeout(60):
            output = (await process.output.read()).decode()
            self._keep(output)
            return await process.wait(), output

    async def do(self, *arguments: str, stdin: str = "") -> str:
        """The output of a command that has to succeed."""
        code, output = await self.command(*arguments, stdin=stdin)
        assert code == 0, output
        return output

    def _keep(self, output: str) -> None:
        """Let what was printed be searched for secrets when all tests are done."""
        printed.keep(output)
        made = self.dbpath.with_name(f"{self.dbpath.name}.secret")
        printed.keep_secret(made.read_text() if made.is_file() else "")
        printed.keep_secret(*(v for k, v in self.settings.items() if "SECRET" in k and len(v) > 9))

    async def _read(self, process: Process, started: "asyncio.Future[None]") -> None:
        before = len(self.output)
        async for line in process.output:
            self.output += line.decode()
            match = re.search(r"listens on http://localhost:(\d+)", line.decode())
            if match and not started.done():
                self.port = int(match[1])
                started.set_result(None)
        self._keep(self.output[before:])
        if not started.done():
            started.set_exception(RuntimeError(f"the server did not start:\n{self.output}"))
