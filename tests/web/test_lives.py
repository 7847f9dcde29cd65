"""Random lives with the client library, on a real server: what is lived is what is fetched."""

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.support.server import Server
from tests.web.program import Program, running

pytestmark = pytest.mark.process

NO_LIMITS = {"RATE_LIMIT": "0", "PRESENCE_GRACE": "0", "LOGIN_ATTEMPTS": "100000"}
LIVES = int(os.environ.get("LIVES", "4"))
SEED = int(os.environ.get("SEED", "1"))


async def test_lived_is_what_is_fetched(tmp_path: Path) -> None:
    """After any life, the state of every client is that of one that fetches all of it now."""
    server = Server(tmp_path, NO_LIMITS)
    await server.start()
    try:
        async with running("lives.mjs", url=server.url, lives=LIVES, steps=120, seed=SEED) as lives:
            while isinstance(told := await lives.told(), str):
                await _serve(server, lives, told)
            await lives.ended()
    finally:
        await server.stop()
    print(told)
    assert len(told) > 20, f"too little happened, this proved nothing: {told}"


async def _serve(server: Server, lives: Program, wanted: str) -> None:
    """Copy the database while the server runs, or put the copy in its place."""
    if wanted == "copy":
        source, target = sqlite3.connect(server.dbpath), sqlite3.connect(server.folder / "copy.db")
        with contextlib.closing(source), contextlib.closing(target):
            source.backup(target)
    else:
        await server.stop()
        for suffix in ("-wal", "-shm"):
            server.dbpath.with_name(server.dbpath.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(server.folder / "copy.db", server.dbpath)
        await server.start()
    await lives.tell("done")
