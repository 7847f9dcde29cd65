"""Ports: bound sockets for the host that is asked for, and as many open files as there may be."""

import contextlib
import errno
import os
import socket
import sys
import time

from backend.logs import Journal
from backend.settings import BadSetting

BACKLOG = 1024
LOOK_SECONDS = 0.02
SYSTEMD_FIRST = 3  # SD_LISTEN_FDS_START
journal = Journal("parley.http")


class PortTaken(BadSetting):
    """Another process listens there."""


def inherited() -> list[socket.socket]:
    """The sockets on which systemd listens for this process (sd_listen_fds(3)), if it does."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(os.environ.get("LISTEN_FDS", "0"))
    return [socket.socket(fileno=SYSTEMD_FIRST + number) for number in range(count)]


def when_free(host: str, port: int) -> list[socket.socket]:
    """What `listeners` gives as soon as whoever listens there has closed the port."""
    while True:
        with contextlib.suppress(PortTaken):
            return listeners(host, port)
        time.sleep(LOOK_SECONDS)


def listeners(host: str, port: int) -> list[socket.socket]:
    """Listening sockets for a host; `localhost` is both 127.0.0.1 and ::1, where there is one.

    Raises BadSetting when the port cannot be had.
    """
    addresses = ["127.0.0.1", "::1"] if host == "localhost" else [host]
    bound: list[socket.socket] = []
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            listener = socket.create_server(
                (address, port), family=family, backlog=BACKLOG, reuse_port=False
            )
        except OSError as error:
            is_taken = error.errno == errno.EADDRINUSE
            if bound and not is_taken:  # a machine without IPv6
                continue
            for each in bound:
                each.close()
            text = f"HOST {host!r}, PORT {port}: cannot listen there: {error.strerror}"
            raise (PortTaken if is_taken else BadSetting)(text) from None
        port = listener.getsockname()[1]
        bound.append(listener)
    return bound


def raise_file_limit() -> int:
    """Let the process have as many open files as the system allows it; gives how many that are."""
    if sys.platform == "win32":
        return 2**31
    import resource  # noqa: PLC0415  (not there on Windows)

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    text = "up to %(most)d files and connections may be open (it was %(before)d)"
    journal.info("file_limit", text, most=hard, before=soft)
    return hard
