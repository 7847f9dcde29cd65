"""Presence is true."""

import pytest

from tests.guarantees.conftest import Serve
from tests.guarantees.waiting import eventually
from tests.support.client import Socket, Town

MISSED_SECONDS = 20.0  # by which a node that is no more is known to be


async def friends(people: Town) -> tuple[Socket, Socket]:
    """Alice and Bob, contacts of each other, both online."""
    alice, bob = await people.online("alice", "bob")
    await alice.do("add_contact", contact_username="bob")
    await bob.next("add_contact")
    await alice.next("user_status")
    return alice, bob


def statuses(socket: Socket) -> list[tuple[str, bool]]:
    """What a socket was told of presence."""
    told = [frame["data"] for frame in socket.of_type("user_status")]
    return [(data["username"], data["is_online"]) for data in told]


async def test_online_is_at_least_one_socket(serve: Serve) -> None:
    """The first socket and the last one are told, those in between are not."""
    _, people = await serve(PRESENCE_GRACE="0")
    alice, bob = await friends(people)
    phone = await people.people[1].live()
    await bob.close()
    await phone.ask("ping")
    await alice.quiet()
    assert statuses(alice) == [("bob", True)]
    await phone.close()
    status = await alice.next("user_status")
    assert status["data"]["is_online"] is False
    assert status["data"]["last_online"] > 0


async def test_a_reconnect_within_the_grace_is_no_news(serve: Serve) -> None:
    """Somebody who comes back in time never went, for anybody."""
    _, people = await serve(PRESENCE_GRACE="30")
    alice, bob = await friends(people)
    for _ in range(5):
        await bob.drop()
        bob = await people.people[1].connect(bob.cursor)
        await bob.wait_for(lambda frame: frame["type"] == "resumed")
    await alice.quiet()
    assert statuses(alice) == [("bob", True)]
    presence = await alice.do("get_presence", usernames=["bob"])
    assert presence["presence"][0]["is_online"] is True


@pytest.mark.sqlite
async def test_after_a_crash_nobody_is_left_online(serve: Serve) -> None:
    """A server that was killed knows nobody as online, and still when they were last.

    A node of several is missed first: tests/cluster/test_nodes.py.
    """
    server, people = await serve(PRESENCE_GRACE="0")
    alice, bob = await friends(people)
    carol = (await people.online("carol"))[0]
    await bob.do("add_contact", contact_username="carol")
    await alice.do("add_contact", contact_username="carol")
    await carol.close()
    await alice.wait_for(
        lambda frame: frame["type"] == "user_status" and frame["data"]["last_online"] is not None
    )
    await server.kill()
    await server.start()
    again = await people.people[0].connect("")
    assert (await again.next("resume"))["data"]["online"] == []
    users = {user["username"]: user for user in (await again.do("get_contacts"))["users"]}
    assert users["bob"]["is_online"] is False
    assert users["carol"]["is_online"] is False
    assert users["carol"]["last_online"] > 0


async def test_last_online_is_kept_over_a_deploy(serve: Serve) -> None:
    """A server that stops notes who was there until then; of several, the others miss it soon."""
    server, people = await serve(RATE_LIMIT="0")
    await friends(people)
    await server.stop()
    await server.start()
    alice = await people.people[0].connect()

    async def seen_last() -> bool:
        (bob,) = (await alice.do("get_contacts"))["users"]
        return not bob["is_online"] and bool(bob["last_online"] > 0)

    await eventually(seen_last, within=MISSED_SECONDS)


async def test_resume_tells_who_is_online_now(serve: Serve) -> None:
    """What was known of presence is replaced by `resume`, whatever happened in between."""
    _, people = await serve(PRESENCE_GRACE="0")
    alice, bob = await friends(people)
    await alice.quiet()
    cursor = alice.cursor
    await alice.close()
    await bob.close()
    observer = (await people.online("carol"))[0]

    async def gone() -> bool:
        user = await observer.do("get_user", username="bob")
        return user["is_online"] is None

    await eventually(gone)
    again = await people.people[0].connect(cursor)
    assert (await again.next("resume"))["data"]["online"] == []
    await people.people[1].live()
    assert (await again.next("user_status"))["data"] == {
        "username": "bob", "is_online": True, "last_online": None,
    }  # fmt: skip
