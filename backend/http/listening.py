"""Ports: bound sockets for the host that is asked for, and as many open files as there may be."""

import socket
import sys

from backend.logs import Journal
from backend.settings import BadSetting

BACKLOG = 1024
journal = Journal("parley.http")


def listeners(host: str, port: int) -> list[socket.socket]:
    """Bound sockets for a host; `localhost` is both 127.0.0.1 and ::1, where there is one.

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
            if bound:  # a machine without IPv6
                continue
            text = f"HOST {host!r}, PORT {port}: cannot listen there: {error.strerror}"
            raise BadSetting(text) from None
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
