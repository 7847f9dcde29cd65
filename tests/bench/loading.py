"""The load client as the harness sees it: a process that waits at gates and gives numbers."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

import msgspec

from tests import ROOT
from tests.bench.load.__main__ import Job
from tests.bench.load.clock import Numbers
from tests.bench.process import BenchError, Server


class Load:
    """A load client that runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def reach(self, stage: str) -> None:
        """Wait until the load is at that gate."""
        line = self._line()
        if line != stage:
            raise BenchError(f"the load client said {line!r}, expected {stage!r}")

    def go(self) -> None:
        """Open the gate."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def numbers(self) -> Numbers:
        """What the load client found; raises BenchError when the server dropped somebody."""
        numbers = msgspec.json.decode(self._line(), type=Numbers)
        if numbers.pop("dropped"):
            raise BenchError(f"the server closed sockets of people who stayed: {numbers}")
        return numbers

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise BenchError("the load client ended early; its complaint is above")
        return line.strip()


@contextlib.contextmanager
def load(job: Job) -> Iterator[Load]:
    """Run a job in a process of its own until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.load"],
        cwd=ROOT,
        env=dict(os.environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(msgspec.json.encode(job).decode() + "\n")
        process.stdin.flush()
        yield Load(process)
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def measure(
    server: Server,
    job: Job,
    unit: str,
    beside: contextlib.AbstractContextManager[object] | None = None,
) -> Numbers:
    """Run a job with one gate; adds the server's CPU per `unit` and its memory to the numbers.

    What is to go on `beside` is entered once the job is at its gate, and left when it is done.
    """
    with load(job) as client:
        client.reach("ready")
        with beside or contextlib.nullcontext():
            before = server.cpu_seconds()
            client.go()
            numbers = client.numbers()
            cpu = server.cpu_seconds() - before
    numbers["cpu_us"] = cpu / numbers[unit] * 1e6
    numbers["memory_mib"] = server.memory_bytes() / 2**20
    return numbers


@contextlib.contextmanager
def probing(job: Job, found: Numbers) -> Iterator[None]:
    """Run a job that goes on until it is told to stop, while the block lasts; fills `found`."""
    with load(job) as prober:
        prober.reach("ready")
        prober.go()
        prober.reach("probing")
        yield
        prober.go()
        found.update(prober.numbers())
