"""Who is reachable by contacts only is asked first, and seen after accepting."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.privacy.coming_back import back
from tests.support.acts import direct, group, heard, refused, sees
from tests.support.client import Socket, Town, town
from tests.support.server import Server


async def asked(guests: Town) -> tuple[Socket, Socket]:
    """Somebody who is reachable by contacts only, and who has asked them."""
    alice, bob = await guests.online("alice", "bob")
    await alice.do("update_profile", reachable_by="contacts")
    reply = await bob.ask("add_contact", contact_username=alice.username)
    assert reply["status"] == "requested"
    assert not {"cursor"} & reply.keys()
    await alice.next("contact_request")
    return alice, bob


async def test_everybody_can_be_reached_until_they_choose(guests: Town) -> None:
    """Adding is immediate; only oneself sees what one chose."""
    alice, bob = await guests.online("alice", "bob")
    assert (await alice.do("self"))["reachable_by"] == "everyone"
    reply = await bob.ask("add_contact", contact_username=alice.username)
    assert reply["status"] == "added"
    told = await alice.do("update_profile", reachable_by="contacts")
    assert told["me"]["reachable_by"] == "contacts"
    assert "me" not in (await bob.next("update_profile"))["data"]
    assert "reachable_by" not in await bob.do("get_user", username=alice.username)


async def test_a_request_is_told_listed_and_replayed(guests: Town) -> None:
    """To every socket of who is asked, with the asker; asking again is no news."""
    (bob,) = await guests.online("bob")
    alice = await guests.person("alice")
    laptop = await alice.connect()
    await laptop.do("update_profile", reachable_by="contacts")
    cursor = (await laptop.ask("ping"))["cursor"]
    for _ in range(2):
        data = await bob.do("add_contact", contact_username=alice.username)
        assert data["contact"]["username"] == alice.username
    told = await laptop.next("contact_request")
    assert told["data"]["user"]["username"] == bob.username
    assert await heard(laptop) == ["contact_request"]
    phone = await back(alice, cursor)
    (replayed,) = phone.of_type("contact_request")
    assert replayed == told
    listed = (await phone.do("get_contact_requests"))["users"]
    assert [user["username"] for user in listed] == [bob.username]
    assert (await laptop.do("get_contacts"))["contacts"] == []
    assert await heard(bob) == []


async def test_presence_is_shown_after_acceptance(guests: Town) -> None:
    """Neither to who waits, nor to who shares a group; accepting is adding."""
    alice, bob = await asked(guests)
    await group(alice, bob)
    seen = await bob.do("get_user", username=alice.username)
    assert (seen["is_online"], seen["last_online"]) == (None, None)
    (shared,) = await bob.do("get_conversations")
    online = {user["username"]: user["is_online"] for user in shared["participants"]}
    assert online == {alice.username: None, bob.username: True}
    assert "user_status" not in await heard(bob)
    reply = await alice.ask("add_contact", contact_username=bob.username)
    assert reply["status"] == "added"
    assert (await bob.next("add_contact"))["data"]["contact"]["username"] == alice.username
    await sees(bob, alice.username, True)
    assert (await bob.do("get_user", username=alice.username))["is_online"] is True
    assert (await alice.do("get_contact_requests"))["users"] == []


async def test_two_who_ask_each_other_are_contacts(guests: Town) -> None:
    """The second request is the answer to the first."""
    alice, bob = await asked(guests)
    await bob.do("update_profile", reachable_by="contacts")
    reply = await alice.ask("add_contact", contact_username=bob.username)
    assert reply["status"] == "added"


async def test_a_refusal_is_silent(guests: Town) -> None:
    """One's own sockets hear it; the asker does not, and may ask again."""
    alice, bob = await asked(guests)
    phone = await guests.people[0].live()
    data = await alice.do("remove_contact", contact_username=bob.username)
    assert data == {"username": bob.username}
    assert (await phone.next("remove_contact"))["data"] == data
    assert (await alice.do("get_contact_requests"))["users"] == []
    assert await heard(bob) == []
    await bob.do("add_contact", contact_username=alice.username)
    await alice.next("contact_request")


async def test_a_request_can_be_taken_back(guests: Town) -> None:
    """Who was asked is told, so that nothing is left to accept."""
    alice, bob = await asked(guests)
    await bob.do("remove_contact", contact_username=alice.username)
    assert (await alice.next("remove_contact"))["data"] == {"username": bob.username}
    assert (await alice.do("get_contact_requests"))["users"] == []


async def test_a_stranger_can_begin_nothing(guests: Town) -> None:
    """Neither a direct conversation nor a group with them in it; a contact can."""
    alice, bob = await asked(guests)
    id_, names = await group(bob), [alice.username]
    text = f"'{alice.username}' cannot be reached"
    for type_, fields, field in (
        ("create_conversation", {"members": names}, "members"),
        ("create_conversation", {"members": names, "kind": "direct"}, "members"),
        ("add_members", {"conversation_id": id_, "usernames": names}, "usernames"),
    ):
        assert await refused(bob, type_, **fields) == ("forbidden", text, field)
    await alice.do("add_contact", contact_username=bob.username)
    await bob.do("add_members", conversation_id=id_, usernames=names)
    await direct(bob, alice)


async def test_what_they_begin_themselves_and_what_was_there_goes_on(guests: Town) -> None:
    """An old direct conversation stays open, and they may write to whom they like."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    id_ = await direct(bob, alice)
    await alice.do("update_profile", reachable_by="contacts")
    reply = await bob.ask("create_conversation", members=[alice.username], kind="direct")
    assert (reply["status"], reply["data"]["id"]) == ("exists", id_)
    await bob.do("send_message", conversation_id=id_, content="still here")
    await direct(alice, carol)


async def test_a_deleted_account_asks_no_more(guests: Town) -> None:
    """Who was asked is told; who asked them finds nobody."""
    alice, bob = await asked(guests)
    person = guests.people[1]
    async with person.http.post(
        f"{person.url}/auth/delete", json={"password": "correct horse"}, headers=person.headers
    ) as answer:
        assert answer.status < 300, await answer.text()
    assert (await alice.next("remove_contact"))["data"] == {"username": bob.username}
    assert (await alice.do("get_contact_requests"))["users"] == []


@pytest.fixture
async def shy(tmp_path: Path) -> AsyncIterator[Town]:
    """People on a server where everybody is reachable by contacts only, and few may ask."""
    settings = {"REACHABLE_BY": "contacts", "MAX_CONTACT_REQUESTS": "2", "RATE_LIMIT": "0"}
    server = Server(tmp_path, settings)
    await server.start()
    async with town(server.url) as here:
        yield here
    await server.stop()


@pytest.mark.process
async def test_open_requests_are_bounded(shy: Town) -> None:
    """Sent ones: no more; received ones: the oldest gives way, which both lists show alike."""
    alice, bob, carol, dave = await shy.online("alice", "bob", "carol", "dave")
    assert (await alice.do("self"))["reachable_by"] == "contacts"
    for asker in (bob, carol, dave):
        await asker.do("add_contact", contact_username="alice")
    assert (await alice.next("remove_contact"))["data"] == {"username": "bob"}
    listed = (await alice.do("get_contact_requests"))["users"]
    assert [user["username"] for user in listed] == ["carol", "dave"]
    assert await heard(bob) == []
    await bob.do("add_contact", contact_username="carol")
    await bob.do("add_contact", contact_username="dave")
    full = ("too_large", "at most 2 contact requests can wait for an answer", "contact_username")
    assert await refused(bob, "add_contact", contact_username="alice") == full
    await bob.do("remove_contact", contact_username="dave")
    await bob.do("add_contact", contact_username="alice")


@pytest.mark.process
async def test_a_request_to_who_blocks_counts_like_any_other(shy: Town) -> None:
    """So that nobody learns of a block by counting."""
    alice, bob, _, _ = await shy.online("alice", "bob", "carol", "dave")
    await alice.do("block_user", username="bob")
    for name in ("alice", "carol"):
        await bob.do("add_contact", contact_username=name)
    assert (await refused(bob, "add_contact", contact_username="dave"))[0] == "too_large"
