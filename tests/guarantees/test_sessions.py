"""Sockets are honest about the session they belong to."""

import asyncio

import aiohttp
import pytest

from tests.guarantees.conftest import Serve
from tests.support.client import Closed, Person


async def logout(person: Person, query: str = "") -> None:
    """End the session, or with `?all=true` all of them."""
    async with person.http.post(
        f"{person.url}/auth/logout{query}", headers=person.headers
    ) as answer:
        assert answer.status < 300, await answer.text()


async def test_a_socket_held_open_after_logout_is_closed_within_a_second(serve: Serve) -> None:
    """Logging out ends all sockets of the session, those of other sessions stay."""
    _, people = await serve()
    alice = await people.person("alice")
    sockets = [await alice.connect(), await alice.connect("")]
    for each in sockets:
        await each.ask("ping")
    other = Person(people.http, people.url, "alice")
    await other.login()
    people.people.append(other)
    kept = await other.connect()
    await logout(alice)
    closed = [await each.wait_closed(within=1) for each in sockets]
    assert [each.code for each in closed] == [4402, 4402]
    assert (await kept.ask("ping"))["success"] is True


async def test_logging_out_everywhere_ends_every_socket(serve: Serve) -> None:
    """`?all=true` closes the sockets of all sessions of the user, and of nobody else."""
    _, people = await serve()
    alice, bob = await people.online("alice", "bob")
    other = Person(people.http, people.url, "alice")
    await other.login()
    people.people.append(other)
    second = await other.live()
    await logout(people.people[0], "?all=true")
    assert (await alice.wait_closed(within=1)).code == 4402
    assert (await second.wait_closed(within=1)).code == 4402
    assert (await bob.ask("ping"))["success"] is True


async def test_a_token_is_worth_nothing_after_logout(serve: Serve) -> None:
    """Replayed, it opens no socket: with or without a cursor."""
    _, people = await serve()
    alice = await people.person("alice")
    socket = await alice.connect("")
    await socket.next("resume")
    cursor = socket.cursor
    await logout(alice)
    for each in (None, "", cursor):
        again = await alice.connect(each)
        closed = await again.wait_closed()
        assert (closed.code, closed.reason) == (4402, "the session has ended")
        assert again.received == []


async def test_without_a_token_nothing_opens(serve: Serve) -> None:
    """No token, nonsense for a token, somebody else's signature: each is closed with its reason."""
    _, people = await serve()
    alice = await people.person("alice")
    good = alice.token
    head, body, _ = good.split(".")
    for token, reason in (
        ("", "login-token required"),
        ("nonsense", "invalid login-token"),
        (f"{head}.{body}.AAAA", "invalid login-token"),
    ):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with people.http.ws_connect(f"{people.url}/ws", headers=headers) as ws:
            message = await ws.receive()
            assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 4401)
            assert message.extra == reason


async def test_a_logout_while_one_resumes_ends_the_socket(serve: Serve) -> None:
    """Whether it comes before, during or after the replay, the socket does not stay."""
    _, people = await serve(RATE_LIMIT="0")
    (bob,) = await people.online("bob")
    for number in range(10):
        alice = await people.person(f"alice{number}")
        socket = await alice.connect("")
        await socket.next("resume")
        id_ = (await bob.do("create_conversation", members=[alice.username]))["id"]
        await socket.next("create_conversation")
        cursor = socket.cursor
        await socket.close()
        for text in range(50):
            await bob.do("send_message", conversation_id=id_, content=f"{text}")
        ending = asyncio.create_task(logout(alice))
        again = await alice.connect(cursor)
        await ending
        assert (await again.wait_closed(within=2)).code == 4402


async def test_an_ended_session_gets_nothing_more(serve: Serve) -> None:
    """After the end no event reaches the socket, though it is still open for a moment."""
    _, people = await serve(RATE_LIMIT="0")
    alice, bob = await people.online("alice", "bob")
    id_ = (await bob.do("create_conversation", members=["alice"], kind="direct"))["id"]
    await alice.next("create_conversation")
    await logout(people.people[0])
    await bob.do("send_message", conversation_id=id_, content="secret")
    with pytest.raises(Closed):
        await alice.next("send_message")
