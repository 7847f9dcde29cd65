"""The WebSocket handshake: accepted always, because a page sees nothing of a refused one."""

import asyncio
import contextlib

from aiohttp import web

from backend.protocol.close_codes import CloseCode
from backend.protocol.errors import Code, Refused, Unauthorized

SUBPROTOCOL = "parley.v1"
REFUSED_SECONDS = 0.1  # for the close frame to be taken; whatever else arrives is not waited for

Socket = web.WebSocketResponse[bool]


def new_socket(request: web.Request, max_frame_bytes: int) -> Socket:
    """The socket a request asks for, to be prepared; raises HTTPUpgradeRequired if for none."""
    ws: Socket = web.WebSocketResponse(
        max_msg_size=max_frame_bytes + 1,
        compress=False,
        decode_text=False,
        timeout=2.0,
        protocols=(SUBPROTOCOL,),
    )
    if not ws.can_prepare(request):
        upgrade = {"Upgrade": "websocket"}
        raise web.HTTPUpgradeRequired(text="expected a WebSocket", headers=upgrade)
    return ws


async def turn_away(ws: Socket, code: CloseCode, reason: str) -> None:
    """Close a socket that never was live, and be rid of it."""
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(REFUSED_SECONDS):
            await ws.close(code=code, message=reason.encode()[:123])


def code_for(refused: Refused) -> CloseCode:
    """What a socket is closed with that nobody may have, or not now."""
    if isinstance(refused, Unauthorized):
        return CloseCode.UNAUTHORIZED
    return CloseCode.ORIGIN if refused.code is Code.FORBIDDEN else CloseCode.UNAVAILABLE


def untie(request: web.Request, ws: Socket) -> None:
    """Break aiohttp's cycles of protocol, parser, WebSocket and error, so that all goes at once.

    Else thousands of closed sockets stay until the collector comes, which then stops everything.
    tests/gateway/test_gone.py holds that it is so.
    """
    request.protocol._data_received_cb = None
    request.protocol._payload_parser = None
    error = ws.exception()
    if error is not None:  # its traceback leads through the frames that hold the socket
        error.__traceback__ = error.__context__ = None
