"""Upkeep: what an operator or somebody who leaves sets off, and what senders notice of it."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import aiohttp
from argon2 import PasswordHasher

from backend.store.engine.sqlite.opening import open_file
from backend.store.index_file import index_path
from tests.bench.history import add_messages
from tests.bench.load.client import Seat
from tests.bench.load.clock import Numbers
from tests.bench.load.sender import Sender
from tests.bench.loading import probing
from tests.bench.process import BenchError, Server, environment, serve
from tests.bench.scenario import Bar, Bench, Scenario
from tests.bench.world import mint, token_of

GROUPS, MEMBERS = 20, 10
LEAVER, SENDER = 1, MEMBERS + 1
PASSWORD = "a password that nobody has guessed"
PAUSE = 0.005
QUIET_SECONDS = 3
REBUILD_SECONDS = 20

Act = Callable[[Bench, Path, Server], None]


def make_old(path: Path, messages: int) -> None:
    """Twenty groups of ten, of which each member has begun two, with their log; and a pair.

    Who begins a group writes in it: a tenth of the messages is everybody's.
    """
    groups = [[(begun + step) % MEMBERS + 1 for step in range(MEMBERS)] for begun in range(GROUPS)]
    mint(path, SENDER + 1, [*groups, [SENDER, SENDER + 1]])
    add_messages(path, messages, GROUPS, kept=messages)
    with closing(open_file(str(path))) as db, db.transaction():
        hashed = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(PASSWORD)
        db.execute("UPDATE users SET password_hash = ? WHERE id = ?", (hashed, LEAVER))


def run(bench: Bench, act: Act) -> Numbers:
    """Send one message after the other while something is done; gives how long both took."""
    messages = bench.scale.old_messages
    path = bench.copy(f"old-{messages}.db", partial(make_old, messages=messages))
    with serve("product", path) as server:
        sender = Sender(server.port, Seat(token_of(SENDER)), GROUPS + 1, PAUSE)
        numbers: Numbers = {}
        with probing(sender, numbers):
            begun = time.monotonic()
            act(bench, path, server)
            took = time.monotonic() - begun
    size = path.stat().st_size
    for each in (path, Path(index_path(str(path))), _copy_of(path)):  # the next one needs the room
        each.unlink(missing_ok=True)
    return {"took_s": took, **numbers, "bytes_per_message": size / messages}


def nothing(bench: Bench, path: Path, server: Server) -> None:
    """Let a while pass, to compare with."""
    time.sleep(min(QUIET_SECONDS, bench.scale.half_load_seconds))


def backup(bench: Bench, path: Path, server: Server) -> None:
    """Copy the database."""
    _command(path, "backup", str(_copy_of(path)))


def check(bench: Bench, path: Path, server: Server) -> None:
    """Look whether all is well."""
    _command(path, "check")


def rebuild(bench: Bench, path: Path, server: Server) -> None:
    """Make the search index anew, or as much of it as the server does in a while."""
    _command(path, "admin", "rebuild-search")
    with closing(open_file(index_path(str(path)))) as index:
        ends = time.monotonic() + REBUILD_SECONDS
        _until(
            lambda: (
                time.monotonic() > ends
                or index.execute("SELECT 1 FROM filled WHERE below <= 1").fetchone() is not None
            )
        )


def leave(bench: Bench, path: Path, server: Server) -> None:
    """Delete the account of who wrote a tenth, until their name is nowhere any more."""
    asyncio.run(_delete(server.port))
    with closing(open_file(str(path))) as db:
        _until(lambda: db.execute("SELECT 1 FROM erasures").fetchone() is None)


async def _delete(port: int) -> None:
    headers = {"Authorization": f"Bearer {token_of(LEAVER)}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(
            f"http://127.0.0.1:{port}/auth/delete", json={"password": PASSWORD}
        ) as response,
    ):
        if response.status != 200:
            raise BenchError(f"the account was not deleted: {await response.text()}")


def _command(path: Path, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "backend", *arguments],
        cwd=path.parent,
        env=environment(path),
        check=True,
        capture_output=True,
    )


def _copy_of(path: Path) -> Path:
    return path.with_suffix(".copy")


def _until(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.02)


ACTS: dict[str, Act] = {
    "nothing": nothing, "backup": backup, "check": check, "search rebuild": rebuild,
    "account deleted": leave,
}  # fmt: skip

SCENARIOS = (
    Scenario(
        "upkeep",
        "sending while something goes on, many messages stored",
        {name: partial(run, act=act) for name, act in ACTS.items()},
        tuple(Bar("worst_ms", name, 50) for name in ACTS if name != "nothing"),
    ),
)
