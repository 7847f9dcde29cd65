"""Telling systemd how the service is: datagrams to the socket that it names (sd_notify(3)).

Without systemd the variables are not there, and nobody is told. Its own variables are no settings.
"""

import asyncio
import os
import socket
from collections.abc import Callable

from backend.logs import Journal

journal = Journal("parley")


def notify(state: str) -> None:
    """Tell a state, such as READY=1."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # a name in Linux's abstract namespace
        address = f"\0{address[1:]}"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
            way.connect(address)
            way.sendall(state.encode())
    except OSError as error:
        text = "systemd was not told %(state)s: %(reason)s"
        journal.warning("systemd_not_told", text, state=state, reason=error)


def watchdog_seconds() -> float | None:
    """Seconds of silence after which systemd ends this process; None if it does not watch it."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    text = os.environ.get("WATCHDOG_USEC", "")
    return int(text) / 1_000_000 if text.isdecimal() and int(text) else None


async def keep_awake(is_alive: Callable[[float], bool]) -> None:
    """Tell systemd twice in its time that all is well, while it is, until cancelled.

    `is_alive` is asked whether it was so within so many seconds.
    """
    seconds = watchdog_seconds()
    if seconds is None:
        return
    while True:
        if is_alive(seconds):
            notify("WATCHDOG=1")
        await asyncio.sleep(seconds / 2)
