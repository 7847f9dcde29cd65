"""Who gets a socket, and what the others are told: by a close code, which a page can see."""

from pathlib import Path

import pytest

from tests.support.client import Closed, Socket, town
from tests.support.server import Server
from tests.support.shared import SharedTown


async def opened(guests: SharedTown, headers: dict[str, str], *protocols: str) -> Socket:
    """A socket opened with these headers and subprotocols only."""
    url = f"{guests.url}/ws"
    ws = await guests.http.ws_connect(url, headers=headers, protocols=protocols)
    return Socket(ws, "")


async def refused(guests: SharedTown, headers: dict[str, str], *protocols: str) -> tuple[int, str]:
    """The close code and reason of a socket that is not to be."""
    closed = await (await opened(guests, headers, *protocols)).wait_closed()
    return closed.code or 0, closed.reason or ""


async def test_a_socket_without_a_token_is_told_so(guests: SharedTown) -> None:
    """It opens, so that a page sees the code, and closes with 4401 and the reason."""
    assert await refused(guests, {}) == (4401, "login-token required")


@pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."])
async def test_a_token_that_is_none_is_refused(guests: SharedTown, token: str) -> None:
    """Whatever is wrong with it, the answer is the same."""
    headers = {"Authorization": f"Bearer {token}"}
    assert await refused(guests, headers) == (4401, "invalid login-token")


async def test_the_token_of_a_session_that_is_over_shows_the_login_page(
    guests: SharedTown,
) -> None:
    """A token outlives its session by its signature only."""
    alice = await guests.person("alice")
    async with guests.http.post(f"{guests.url}/auth/logout", headers=alice.headers) as answer:
        assert answer.status == 200
    assert (await refused(guests, alice.headers))[0] == 4402


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "*", "http://localhost:1"])
async def test_a_page_of_elsewhere_gets_no_socket(guests: SharedTown, origin: str) -> None:
    """The code is 4403 and the reason names the origin."""
    alice = await guests.person("alice")
    code, reason = await refused(guests, {**alice.headers, "Origin": origin})
    assert (code, origin in reason) == (4403, True)


async def test_pages_of_ours_get_one(guests: SharedTown) -> None:
    """The allowed origin, and the server's own, by the cookie a browser sends."""
    alice = await guests.person("alice")
    for origin in ["http://localhost:5173", guests.url]:
        cookie = {"Cookie": f"login-token={alice.token}", "Origin": origin}
        socket = await opened(guests, cookie)
        assert await socket.do("ping") == "pong"
        await socket.close()


async def test_a_token_may_come_as_a_subprotocol(guests: SharedTown) -> None:
    """A browser can set nothing else; the server answers with the other one, never the token."""
    alice = await guests.person("alice")
    socket = await opened(guests, {}, "parley.v1", f"bearer.{alice.token}")
    assert socket.ws.protocol == "parley.v1"
    assert await socket.do("ping") == "pong"
    await socket.close()


async def test_a_request_that_is_no_websocket_is_told_what_was_expected(
    guests: SharedTown,
) -> None:
    """curl at /ws gets a sentence, not a hanging connection."""
    async with guests.http.get(f"{guests.url}/ws") as answer:
        assert (answer.status, await answer.text()) == (426, "expected a WebSocket")


@pytest.mark.process
async def test_a_user_has_so_many_sockets_and_no_more(tmp_path: Path) -> None:
    """The oldest goes, with 4409; the others stay."""
    server = Server(tmp_path, {"MAX_SOCKETS_PER_USER": "3"})
    await server.start()
    async with town(server.url) as people:
        alice = await people.person("alice")
        sockets = []
        for _ in range(4):  # each is live before the next one opens
            sockets.append(await alice.connect())
            await sockets[-1].ask("ping")
        assert (await sockets[0].wait_closed()).code == 4409
        for socket in sockets[1:]:
            assert await socket.do("ping") == "pong"
    await server.stop()


async def test_a_frame_over_the_limit_closes_its_socket_only(guests: SharedTown) -> None:
    """With 1009; the same person's next socket works."""
    alice = await guests.person("alice")
    socket = await alice.connect()
    await socket.send('{"type": "ping", "ref": "%s"}' % ("x" * 70_000))
    with pytest.raises(Closed) as closed:
        await socket.next()
    assert closed.value.code == 1009
    assert await (await alice.connect()).do("ping") == "pong"
