"""The README's tour with real curl and real wscat, step by step as written."""

import asyncio
import shutil
from pathlib import Path

import pytest

from tests.node import MODULES, PATH
from tests.readme.terminal import Terminal
from tests.readme.tour import Step, steps
from tests.support.client import Frame
from tests.support.server import Server

pytestmark = pytest.mark.process


async def shell(step: Step, folder: Path) -> str:
    """Run commands as they are written; gives what they print."""
    process = await asyncio.create_subprocess_exec(
        "bash", "-ec", "\n".join(step.lines),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


async def test_the_tour_works_as_it_is_written(tmp_path: Path) -> None:
    """Every command and every line of the tour does what the README says."""
    assert shutil.which("curl"), "the tour needs curl"
    assert MODULES.is_dir(), "needs `make tests/node/node_modules/.package-lock.json`"
    server = Server(tmp_path)
    await server.start()
    (tmp_path / ".data").mkdir(exist_ok=True)  # as where the README says to start it
    terminals: dict[str, Terminal] = {}
    seen: dict[str, list[Frame]] = {}
    printed = ""
    try:
        for step in steps(server.port):
            if step.language == "sh" and not step.terminal:
                printed += await shell(step, tmp_path)
            elif step.language == "sh":
                command, before = step.lines[0], terminals.get(step.terminal)
                if before is not None:
                    (ping,) = [each for each in before.frames if each["type"] == "ping"]
                    command = command.replace("CURSOR", ping["cursor"])
                    seen[step.terminal] = before.frames
                    await before.close()
                terminals[step.terminal] = await Terminal.open(
                    step.terminal, command, tmp_path, PATH
                )
            else:
                for line in step.lines:
                    await terminals[step.terminal].type(line)
        await terminals["alice"].saw(is_answer)
        await terminals["bob"].saw(lambda frame: frame["type"] == "resumed")
        assert [each["type"] for each in terminals["bob"].frames] == [
            "resume", "send_message", "resumed",
        ]  # fmt: skip
        check(printed, terminals["alice"].frames, seen["bob"])
    finally:
        for terminal in terminals.values():
            await terminal.close()
        await server.stop()


def is_answer(frame: Frame) -> bool:
    """Whether a frame is Bob's answer to Alice's message."""
    is_message = frame["type"] == "send_message" and frame["success"]
    return bool(is_message and frame["data"]["reply_id"] == 2)


def check(printed: str, alice: list[Frame], bob: list[Frame]) -> None:
    """What the README says happens has happened."""
    assert printed.count("201 Created") == 2
    assert printed.count("login successful") == 2
    assert printed.endswith("Hello, alice")
    assert any(each.get("ref") == 1 and each["data"]["content"] == "Kettle is on"
               for each in alice)  # fmt: skip
    assert [each["type"] for each in bob if each["type"] != "user_status"][:3] == [
        "add_contact", "create_conversation", "send_message",
    ]  # fmt: skip
    mistake = next(each for each in alice if not each["success"])
    assert mistake["field"] == "content"
    assert len([each for each in alice if each["type"] == "help"]) == 2
