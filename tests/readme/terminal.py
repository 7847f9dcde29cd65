"""A terminal that a program runs in, typed into as a person would."""

import asyncio
import json
import os
import pty
import re
from collections.abc import Callable
from pathlib import Path

from tests.support.client import Frame

WAIT_SECONDS = 20
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class Terminal:
    """A program in a pseudo-terminal, and the frames it has shown."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, screen: int) -> None:
        self._name = name
        self._process = process
        self._screen = screen
        self._text = ""
        self._news = asyncio.Event()
        asyncio.get_running_loop().add_reader(screen, self._read)

    @classmethod
    async def open(cls, name: str, command: str, folder: Path, path: str) -> "Terminal":
        """Run a user's shell command with programs from `path`, until it says it is connected."""
        screen, inside = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            "bash",
            "-c",
            f"exec {command}",
            cwd=folder,
            env={"PATH": path, "TERM": "xterm"},
            stdin=inside,
            stdout=inside,
            stderr=inside,
        )
        os.close(inside)
        terminal = cls(name, process, screen)
        await terminal.until(lambda: "Connected" in terminal._text)
        return terminal

    @property
    def frames(self) -> list[Frame]:
        """The frames that were shown, in order."""
        lines = COLOURS.sub("", self._text).splitlines()
        return [json.loads(line[2:]) for line in lines if re.fullmatch(r"< \{.*\}", line)]

    async def type(self, line: str) -> None:
        """Type a line, and wait until something of its type is shown that nobody else has said."""
        before, type_ = len(self.frames), json.loads(line)["type"]

        def is_reply(frame: Frame) -> bool:
            if frame["type"] != type_ or type_ != "send_message":
                return bool(frame["type"] == type_)
            return not frame["success"] or frame["data"]["sender_username"] == self._name

        os.write(self._screen, f"{line}\n".encode())
        await self.saw(is_reply, before)

    async def saw(self, wanted: Callable[[Frame], bool], after: int = 0) -> None:
        """Wait until a frame that is wanted is shown, counted from `after`."""
        await self.until(lambda: any(wanted(frame) for frame in self.frames[after:]))

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until what is shown fulfils a condition."""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while not condition():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(
                f"what is shown is not what was waited for: {self._text!r}"
            ) from None

    async def close(self) -> None:
        """Stop the program."""
        asyncio.get_running_loop().remove_reader(self._screen)
        self._process.terminate()
        await self._process.wait()
        os.close(self._screen)

    def _read(self) -> None:
        try:
            self._text += os.read(self._screen, 65536).decode(errors="replace")
        except OSError:  # the program has ended
            asyncio.get_running_loop().remove_reader(self._screen)
        self._news.set()
