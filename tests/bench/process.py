"""Servers and load clients as real processes, and what the operating system says they used."""

import contextlib
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from tests import ROOT
from tests.bench.world import SECRET

TICK = os.sysconf("SC_CLK_TCK")
START_SECONDS = 60

PRODUCT = ("backend", "serve")


class BenchError(Exception):
    """A run that did not do what it measures; its text says what was missing."""


class Server:
    """A running server and the port it listens on."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    def cpu_seconds(self) -> float:
        """The CPU the process has used, user and system, all its threads."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text()
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory_bytes(self) -> int:
        """The memory the process holds resident, shared pages counted in full."""
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        match = re.search(r"^Rss:\s+(\d+) kB", rollup, re.M)
        assert match is not None, rollup
        return int(match[1]) * 1024


@contextlib.contextmanager
def serve(module: str, database: Path, extra: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run a server on `database` until the block ends; `module` is PRODUCT's or a floor's name."""
    arguments = PRODUCT if module == "product" else (f"tests.bench.floors.{module}",)
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=database.parent,  # not where a .env may lie
        env=environment(database) | dict(extra or {}),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield Server(process, _port_of(process.stdout))
    finally:
        process.terminate()
        try:
            process.wait(START_SECONDS)
        finally:
            process.kill()
            process.stdout.close()


def raise_open_files() -> None:
    """Allow as many sockets as fifty thousand people need, here and in what is started here."""
    wanted = 65536
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
            return
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def settled_memory(server: Server) -> int:
    """The server's memory once it no longer moves: two looks in a row within 1 %."""
    before = server.memory_bytes()
    for _ in range(40):
        time.sleep(0.25)
        now = server.memory_bytes()
        if abs(now - before) <= before // 100:
            return now
        before = now
    return before


def environment(database: Path) -> dict[str, str]:
    """What a process of ours that works on a database is given."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return kept | {
        "DBPATH": str(database),
        "JWTSECRET": SECRET,
        "HOST": "127.0.0.1",
        "PORT": "0",
        "LOG_LEVEL": "warning",
        "CONNECTIONS_PER_ADDRESS": "1000000",
        "RATE_LIMIT": "1000000",
        "MAX_GROUPS_PER_HOUR": "1000000",
        "RATE_BURST": "1000000",
        "PYTHONPATH": str(ROOT),
    }


def _port_of(output: IO[str]) -> int:
    """The port in the first line of the server's output that names one."""
    for line in output:
        match = re.search(r"https?://[^\s/]+:(\d+)", line)
        if match is not None:
            return int(match[1])
    raise BenchError("the server ended before it listened; its complaint is above")
