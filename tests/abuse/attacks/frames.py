"""Sockets that send frames no client library would."""

import asyncio
import base64
import contextlib
import os
import socket
import time
from urllib.parse import urlsplit

CHUNK = 64 * 1024
ATTACKER = "127.0.0.2"  # an address of this machine that nobody else comes from
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def frame(opcode: int, payload: bytes = b"", *, final: bool = True) -> bytes:
    """A masked frame of less than 126 bytes (RFC 6455, section 5.2)."""
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    return bytes(((0x80 if final else 0) | opcode, 0x80 | len(payload))) + mask + masked


PING = frame(9)
TEXT_BEGUN = frame(1, b"{", final=False)
CONTINUED = frame(0, final=False)


async def handshake(
    url: str, token: str, query: str = "", receive_bytes: int | None = None
) -> Streams:
    """A WebSocket opened by hand; the server's answer is read.

    The system takes about `receive_bytes` for it before somebody reads, or as much as is usual.
    """
    parts = urlsplit(url)
    connection = socket.socket()
    if receive_bytes is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    connection.setblocking(False)
    connection.bind((ATTACKER, 0))
    await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", parts.port))
    limit = receive_bytes or CHUNK
    reader, writer = await asyncio.open_connection(sock=connection, limit=limit)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = (
        f"GET /ws{query} HTTP/1.1", f"Host: localhost:{parts.port}", "Connection: Upgrade",
        "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}",
        f"Authorization: Bearer {token}", "", "",
    )  # fmt: skip
    writer.write("\r\n".join(lines).encode())
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def pings(url: str, seconds: float, token: str, sockets: int) -> int:
    """Pings, as fast as they are taken; gives the bytes sent."""
    return await _flood(url, seconds, token, sockets, b"", PING)


async def continuations(url: str, seconds: float, token: str, sockets: int) -> int:
    """Messages of endless empty pieces, as fast as they are taken; gives the bytes sent."""
    return await _flood(url, seconds, token, sockets, TEXT_BEGUN, CONTINUED)


async def _flood(
    url: str, seconds: float, token: str, sockets: int, first: bytes, again: bytes
) -> int:
    chunk = again * (CHUNK // len(again))
    deadline = time.monotonic() + seconds
    return sum(
        await asyncio.gather(*(_send(url, deadline, token, first, chunk) for _ in range(sockets)))
    )


async def _send(url: str, deadline: float, token: str, first: bytes, chunk: bytes) -> int:
    """Send until the deadline, on a new socket whenever one is closed."""
    sent = 0
    while time.monotonic() < deadline:
        with contextlib.suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(deadline - time.monotonic()):
                reader, writer = await handshake(url, token)
                try:
                    writer.write(first)
                    drained = asyncio.create_task(_read(reader))
                    while not drained.done():
                        writer.write(chunk)
                        sent += len(chunk)
                        await writer.drain()
                finally:
                    writer.close()
        await asyncio.sleep(0.01)
    return sent


async def _read(reader: asyncio.StreamReader) -> None:
    """Take what comes, until the end."""
    while await reader.read(CHUNK):
        pass
