"""Commands as somebody at a terminal sees them."""

import asyncio
import contextlib
import os
import pty
import sys

from tests.support.server import Server


async def in_terminal(server: Server, *arguments: str) -> str:
    """What a command shows to who sits at a terminal."""
    ours, its = pty.openpty()
    environment = {**server.environment(), "COLUMNS": "120", "TERM": "xterm"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "backend", *arguments, env=environment, stdout=its, cwd=server.folder
    )
    os.close(its)
    shown, code = await asyncio.gather(asyncio.to_thread(_read, ours), process.wait())
    assert code == 0
    return shown


def _read(terminal: int) -> str:
    """All that comes; reading fails when the other side is closed."""
    shown = b""
    with contextlib.suppress(OSError):
        while piece := os.read(terminal, 4096):
            shown += piece
    os.close(terminal)
    return shown.decode(errors="replace")
