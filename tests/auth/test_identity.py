"""Whose request it is: what the gateway asks."""

from collections.abc import Mapping

import pytest
from aiohttp.test_utils import make_mocked_request

from backend.protocol.errors import Code, Refused
from backend.store.sessions import Identity
from tests.support.http import Server, Tokens


async def identify(server: Server, headers: Mapping[str, str]) -> Identity:
    """Whom a request with these headers is from."""
    headers = {"Host": "chat.example", **headers}
    request = make_mocked_request("GET", "/ws", headers=headers, app=server.server.app)
    return await server.services.identities.identify(request)


async def test_where_a_token_may_stand(alice: Server) -> None:
    """A cookie, a header, or a subprotocol, which is all that a browser's WebSocket can set."""
    tokens = await alice.login("alice")
    for headers in (
        {"Cookie": f"login-token={tokens.access}"},
        {"Authorization": f"bearer  {tokens.access}"},
        {"Sec-WebSocket-Protocol": f"parley.v1, bearer.{tokens.access}"},
    ):
        identity = await identify(alice, headers)
        assert (identity.user_id, identity.username, identity.session_id) == (1, "alice", 1)


async def test_which_token_is_taken(alice: Server) -> None:
    """What the client says itself goes before the cookie that the browser adds."""
    await alice.register("bob")
    mine, bobs = await alice.login("alice"), await alice.login("bob")
    for headers in (bobs.bearer, {"Sec-WebSocket-Protocol": f"bearer.{bobs.access},parley.v1"}):
        both = {"Cookie": f"login-token={mine.access}", **headers}
        assert (await identify(alice, both)).username == "bob"
    basic = {"Cookie": f"login-token={mine.access}", "Authorization": "Basic eDp5"}
    assert (await identify(alice, basic)).username == "alice"


async def test_a_subprotocol_that_is_not_ours(alice: Server) -> None:
    """A token that is offered without `parley.v1` is none: who answers it would repeat it."""
    tokens = await alice.login("alice")
    with pytest.raises(Refused) as caught:
        await identify(alice, {"Sec-WebSocket-Protocol": f"bearer.{tokens.access}"})
    assert caught.value.text == "login-token required"


async def test_without_the_database(alice: Server) -> None:
    """A token of ours is identified without the database, also when its session is over."""
    tokens = await alice.login("alice")
    await alice.post("/auth/logout", headers=tokens.bearer)
    assert (await identify(alice, tokens.bearer)).session_id == 1


@pytest.mark.parametrize(
    ("headers", "code", "text"),
    [
        ({}, Code.UNAUTHORIZED, "login-token required"),
        ({"Cookie": "login-token="}, Code.UNAUTHORIZED, "login-token required"),
        (Tokens("x", "").bearer, Code.UNAUTHORIZED, "invalid login-token"),
        (
            {"Origin": "https://evil.example", **Tokens("x", "").bearer},
            Code.FORBIDDEN,
            "origin 'https://evil.example' is not allowed",
        ),
    ],
)
async def test_refused(server: Server, headers: dict[str, str], code: Code, text: str) -> None:
    """What is missing or wrong is told in the contract's words."""
    with pytest.raises(Refused) as caught:
        await identify(server, headers)
    assert (caught.value.code, caught.value.text) == (code, text)
