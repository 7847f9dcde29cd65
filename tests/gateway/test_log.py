"""What strangers send is no fault of the server: they cannot fill its log with tracebacks.

Nor does what anybody sends bring a secret into it.
"""

import asyncio

import pytest

from tests.support.client import Socket, Town
from tests.support.printed import found_secrets
from tests.support.server import Server

HALF = b"POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{"


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01 this is no HTTP\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"POST /auth/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /register HTTP/1.1\r\nHost: a\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
        HALF,
    ],
    ids=["no HTTP", "a large header", "a broken chunk", "an unknown encoding", "half a body"],
)
async def test_garbage_leaves_no_traceback(server: Server, people: Town, sent: bytes) -> None:
    """It is answered, or the connection ends; the log says nothing of it."""
    reader, writer = await asyncio.open_connection("localhost", server.port)
    writer.write(sent)
    if sent is HALF:
        await writer.drain()
        writer.close()
    else:
        assert (await reader.readexactly(12)).endswith(b" 400")
    await people.online("alice")
    writer.close()
    assert await server.stop() == 0
    assert "Traceback" not in server.output


async def test_a_token_among_the_subprotocols_is_not_logged(server: Server, people: Town) -> None:
    """Offered without `parley.v1`, it opens no socket, and stands nowhere; nor does one beside."""
    alice = await people.person("alice")
    for others in ([], ["parley.v2"]):
        protocols = [f"bearer.{alice.token}", *others]
        ws = await people.http.ws_connect(f"{server.url}/ws", protocols=protocols)
        assert (await Socket(ws, "").wait_closed()).code == 4401
    assert await server.stop() == 0
    assert alice.token not in server.output
    assert found_secrets(server.output) == []
    assert found_secrets(f"offered 'bearer.{alice.token}'") != []
