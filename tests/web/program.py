"""Test programs in JavaScript: run by Node.js, what they found comes back as JSON lines."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.node import NODE

SDK = Path(__file__).parents[2] / "backend" / "web" / "sdk"
PROGRAMS = Path(__file__).parent / "programs"
END_SECONDS = 100


class Program:
    """A program that runs: it is told things, and tells things."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def told(self) -> Any:
        """The next thing it tells; raises AssertionError with its complaints if it ended."""
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        line = await self._process.stdout.readline()
        if not line:
            raise AssertionError((await self._process.stderr.read()).decode())
        return json.loads(line)

    async def ended(self) -> None:
        """Wait until it has ended well; raises AssertionError with its complaints otherwise."""
        assert self._process.stderr is not None
        complaints = (await self._process.stderr.read()).decode()
        assert await self._process.wait() == 0, complaints

    async def tell(self, *things: object) -> None:
        """Tell it something."""
        assert self._process.stdin is not None
        for thing in things:
            self._process.stdin.write(f"{json.dumps(thing)}\n".encode())
        await self._process.stdin.drain()


@asynccontextmanager
async def running(name: str, **options: object) -> AsyncIterator[Program]:
    """Run a program with options; it is ended with the block."""
    process = await asyncio.create_subprocess_exec(
        NODE, PROGRAMS / name, json.dumps(options),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=2**26,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    try:
        async with asyncio.timeout(END_SECONDS):
            yield Program(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
