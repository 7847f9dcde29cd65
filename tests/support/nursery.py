"""Processes that begin where importing has ended: forked from one that did it for all of them.

They are what `python -m backend` runs, with its environment, folder, input and output; only the
half second of imports is spent once.
"""

import asyncio
import contextlib
import functools
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from unittest import mock

import pytest

from backend.commands import serve  # noqa: F401  (imported here, it need not be in each)
from tests import ROOT

ORDER_BYTES = 1 << 20


class Process:
    """A process of the nursery's."""

    def __init__(self, life: socket.socket, pid: int, output: asyncio.StreamReader) -> None:
        self.pid = pid
        self.output = output
        self.returncode: int | None = None
        self._life = life

    def send_signal(self, number: int) -> None:
        """Send a signal; one that has ended hears nothing."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    async def wait(self) -> int:
        """Wait for its end; gives the exit code, or minus the signal that ended it."""
        if self.returncode is None:
            told = await asyncio.get_running_loop().sock_recv(self._life, ORDER_BYTES)
            self._life.close()
            self.returncode = int(told)
        return self.returncode


async def spawn(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    stdin: str = "",
    program: str = "backend.__main__",
) -> Process:
    """Run the `main` of that module with these arguments."""
    nursery = _nursery()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    to_read, to_write = os.pipe()
    input_read, input_write = os.pipe()
    ours.setblocking(False)
    order = json.dumps([list(arguments), dict(environment), str(folder), program]).encode()
    socket.send_fds(nursery, [order], [input_read, to_write, theirs.fileno()])
    for each in (input_read, to_write):
        os.close(each)
    theirs.close()
    with open(input_write, "w") as pipe:
        pipe.write(stdin)
    loop = asyncio.get_running_loop()
    output = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(output)
    await loop.connect_read_pipe(lambda: protocol, os.fdopen(to_read, "rb", buffering=0))
    pid = int(await loop.sock_recv(ours, ORDER_BYTES))
    return Process(ours, pid, output)


@functools.cache
def _nursery() -> socket.socket:
    """Where the nursery takes orders; it ends with this process."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-W", "error", "-m", __name__, str(theirs.fileno())]
        _nursery_process.append(
            subprocess.Popen(
                command, cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        )
    return ours


_nursery_process: list[subprocess.Popen[bytes]] = []  # kept, or it is warned of as left alone


@contextlib.contextmanager
def no_processes() -> Iterator[None]:
    """Whatever starts a process meanwhile fails."""

    def refuse(*arguments: object, **options: object) -> None:
        pytest.fail("starts a process: mark it with `pytest.mark.process`")

    with (
        mock.patch.object(subprocess.Popen, "__init__", refuse),
        mock.patch(f"{__name__}._nursery", refuse),
    ):
        yield


def _take_orders(orders: socket.socket) -> None:
    """Give every order a keeper until there is nobody to give any."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for who gives the orders
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are not waited for
    while True:
        order, files, _, _ = socket.recv_fds(orders, ORDER_BYTES, 3)
        if not order:
            return
        if os.fork() == 0:
            orders.close()
            _keep(order, files)
        for each in files:
            os.close(each)


def _keep(order: bytes, files: list[int]) -> None:
    """Fork the process, tell its number, and how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        _become(order, files)
    with socket.socket(fileno=files[2]) as life, contextlib.suppress(ConnectionError):
        for each in files[:2]:
            os.close(each)
        life.send(str(pid).encode())
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        life.send(str(code).encode())
    os._exit(0)


def _become(order: bytes, files: list[int]) -> None:
    """Be what was ordered, until the interpreter ends as ever."""
    arguments, environment, folder, program = json.loads(order)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(files[0], 0)
    os.dup2(files[1], 1)
    os.dup2(files[1], 2)
    for each in files:
        os.close(each)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    warnings.simplefilter("error")
    sys.exit(importlib.import_module(program).main(arguments))


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as given:
        _take_orders(given)
