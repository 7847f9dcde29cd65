"""Sessions: where one is logged in, and ending one of them."""

import pytest

from tests.support.acts import group, refused, say
from tests.support.client import Closed, Town


async def test_sessions_are_listed_newest_first(guests: Town) -> None:
    """With the one that asks marked; one's own only."""
    (bob,) = await guests.online("bob")
    alice = await guests.person("alice")
    laptop = await alice.connect()
    await alice.login()
    phone = await alice.connect()
    sessions = (await phone.do("get_sessions"))["sessions"]
    assert [each["current"] for each in sessions] == [True, False]
    assert sessions[0]["id"] > sessions[1]["id"]
    assert all(each["created_at"] <= each["last_seen"] < each["expires_at"] for each in sessions)
    listed = (await laptop.do("get_sessions"))["sessions"]
    assert [each["current"] for each in listed] == [False, True]
    assert len((await bob.do("get_sessions"))["sessions"]) == 1


async def test_an_ended_session_hears_nothing_more(guests: Town) -> None:
    """Its sockets close with 4402, it cannot come back, the other session lives on."""
    (bob,) = await guests.online("bob")
    alice = await guests.person("alice")
    phone = await alice.connect()
    cursor = (await phone.ask("ping"))["cursor"]
    old_token = alice.token
    await alice.login()
    laptop = await alice.connect()
    id_ = await group(bob, laptop)
    ended = (await laptop.do("get_sessions"))["sessions"][1]["id"]
    reply = await laptop.ask("end_session", id=ended)
    assert reply["data"] == {"id": ended}
    closed = await phone.wait_closed()
    assert (closed.code, closed.reason) == (4402, "logged out")
    await say(bob, id_, "secret")
    assert (await laptop.next("send_message"))["data"]["content"] == "secret"
    assert "secret" not in str(phone.received)
    assert [each["id"] for each in (await laptop.do("get_sessions"))["sessions"]] != [ended]
    alice.token, token = old_token, alice.token
    for query in (None, cursor, ""):
        again = await alice.connect(query)
        with pytest.raises(Closed) as refusal:
            await again.next()
        assert refusal.value.code in {4401, 4402}
        assert again.received == []
    alice.token = token


async def test_ending_ones_own_session_is_answered_first(guests: Town) -> None:
    """The reply, then the close."""
    (alice,) = await guests.online("alice")
    current = (await alice.do("get_sessions"))["sessions"][0]["id"]
    assert await alice.do("end_session", id=current) == {"id": current}
    assert (await alice.wait_closed()).code == 4402


async def test_sessions_of_others_are_as_good_as_none(guests: Town) -> None:
    """Nothing ends, and the answer is the same."""
    alice, bob = await guests.online("alice", "bob")
    theirs = (await bob.do("get_sessions"))["sessions"][0]["id"]
    for id_ in (theirs, 10**9):
        assert await refused(alice, "end_session", id=id_) == (
            "not_found", f"no such session {id_} exists", "id",
        )  # fmt: skip
    assert await bob.do("ping") == "pong"
