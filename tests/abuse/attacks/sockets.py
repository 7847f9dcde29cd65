"""Sockets that are opened for what they cost the server, not for what they bring."""

import asyncio
import contextlib
import socket
import time
from urllib.parse import urlsplit

from tests.abuse.attacks.frames import ATTACKER, handshake

ODD = "\u00fc\u00df(" * 2600  # 7,800 characters of which no subprotocol consists
FEW_BYTES = 4096


async def resume_unread(url: str, seconds: float, token: str, cursor: str, sockets: int) -> int:
    """Resume from an old cursor on many sockets, and take nothing; gives how many were opened."""
    deadline = time.monotonic() + seconds
    opened = await asyncio.gather(*(_resume(url, deadline, token, cursor) for _ in range(sockets)))
    return sum(opened)


async def _resume(url: str, deadline: float, token: str, cursor: str) -> int:
    """Open a socket that takes no more than the system does for it, and keep it to the end."""
    opened = 0
    while time.monotonic() < deadline:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            _, writer = await handshake(url, token, f"?cursor={cursor}", FEW_BYTES)
            opened += 1
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(deadline - time.monotonic()):
                    await writer.wait_closed()
            writer.transport.abort()
        await asyncio.sleep(0.05)
    return opened


async def odd_subprotocols(url: str, seconds: float) -> int:
    """Offer subprotocols that are none, without a login, again and again; gives the bytes sent."""
    deadline = time.monotonic() + seconds
    return sum(await asyncio.gather(*(_offer(url, deadline) for _ in range(8))))


async def _offer(url: str, deadline: float) -> int:
    parts = urlsplit(url)
    request = (
        f"GET /ws HTTP/1.1\r\nHost: localhost:{parts.port}\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"Sec-WebSocket-Protocol: {ODD}\r\n\r\n"
    ).encode("latin-1")
    sent = 0
    while time.monotonic() < deadline:
        with contextlib.suppress(ConnectionError, TimeoutError):
            async with asyncio.timeout(deadline - time.monotonic()):
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", parts.port, local_addr=(ATTACKER, 0), family=socket.AF_INET
                )
                writer.write(request)
                sent += len(request)
                await reader.read()
                writer.close()
    return sent
