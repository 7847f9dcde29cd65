"""What people at different nodes see of each other."""

import asyncio
import contextlib
import os
from pathlib import Path

import psycopg
import pytest

from backend.store.engine.postgres import commands
from tests.files.uploading import send_file, uploaded
from tests.support.client import Person, Socket, Town, town
from tests.support.nodes import Node, nodes

pytestmark = pytest.mark.process


async def at(person: Person, node: Node, cursor: str | None = None) -> Socket:
    """A live socket of somebody at a node."""
    person.url = node.url
    socket = await person.connect(cursor)
    await socket.ask("ping")
    return socket


async def friends(folk: Town, cluster: list[Node]) -> tuple[Socket, Socket, int]:
    """Alice at the first node, Bob at the second, and their conversation."""
    alice, bob = [
        await at(await folk.person(name), node)
        for name, node in zip(("alice", "bob"), cluster, strict=False)
    ]
    made = await alice.do("create_conversation", members=["bob"], kind="direct")
    await bob.next("create_conversation")
    return alice, bob, made["id"]


async def test_all_see_all_in_one_order_and_resume_anywhere(
    folk: Town, cluster: list[Node]
) -> None:
    """Ids are dense over nodes; a cursor of one is good at any."""
    people = [await folk.person(name) for name in ("alice", "bob", "carol")]
    sockets = [await at(*each) for each in zip(people, cluster, strict=True)]
    made = await sockets[0].do("create_conversation", members=["bob", "carol"], name="team")
    await asyncio.gather(*(each.next("create_conversation") for each in sockets[1:]))
    await sockets[2].drop()
    sent = await asyncio.gather(
        *(each.ask("send_message", conversation_id=made["id"], content=f"{number}")
          for number in range(20) for each in sockets[:2])
    )  # fmt: skip
    places = sorted((each["at"], each["data"]["seq"], each["data"]["id"]) for each in sent)
    assert [place[1] for place in places] == list(range(1, 41))
    assert [place[2] for place in places] == list(range(places[0][2], places[0][2] + 40))
    back = await at(people[2], cluster[0], sockets[2].cursor)
    assert back.received[0]["data"]["status"] == "ok"
    await back.wait_for(lambda frame: frame["type"] == "resumed")
    assert [each["data"]["seq"] for each in back.of_type("send_message")] == list(range(1, 41))
    again = await at(people[2], cluster[1], back.cursor)
    await again.wait_for(lambda frame: frame["type"] == "resumed")
    assert again.of_type("send_message") == []


async def test_who_comes_goes_and_types_elsewhere_is_seen_within_a_second(
    folk: Town, cluster: list[Node]
) -> None:
    alice, bob, id_ = await friends(folk, cluster)
    assert (await alice.next("user_status", within=5))["data"]["is_online"] is True
    await bob.do("typing", conversation_id=id_, active=True)
    assert (await alice.next("typing", within=1))["data"]["username"] == "bob"
    seen = await alice.do("get_presence", usernames=["bob"])
    assert seen["presence"][0]["is_online"] is True
    await bob.close()
    told = await alice.next("user_status", within=1.5)  # with the grace of a fifth of a second
    assert told["data"]["is_online"] is False
    assert told["data"]["last_online"] is not None


async def test_a_new_profile_is_told_at_every_node(folk: Town, cluster: list[Node]) -> None:
    """Also that presence is hidden, where the user has no socket."""
    alice, bob, _ = await friends(folk, cluster)
    await alice.wait_for(lambda frame: status(frame) == ("bob", True))
    await bob.do("update_profile", fullname="Robert", hide_presence=True)
    assert (await alice.next("update_profile"))["data"]["fullname"] == "Robert"
    await alice.wait_for(lambda frame: status(frame) == ("bob", False))


async def test_typing_is_seen_elsewhere_however_many_are_not_to_see_it(
    folk: Town, cluster: list[Node], where: str
) -> None:
    """Two thousand who have blocked who types; one of them is there."""
    people = [await folk.person(name) for name in ("alice", "bob", "carol")]
    alice, bob, carol = [await at(*each) for each in zip(people, cluster, strict=True)]
    made = await alice.do("create_conversation", members=["bob", "carol"], name="team")
    await carol.next("create_conversation")
    with psycopg.connect(where) as db:
        for table, columns, values in CROWD:
            db.execute(f"INSERT INTO {table} ({columns}) SELECT {values}".encode())
    await carol.do("block_user", username="alice")
    await alice.do("typing", conversation_id=made["id"], active=True)
    assert (await bob.next("typing"))["data"]["username"] == "alice"
    await bob.do("typing", conversation_id=made["id"], active=True)
    await carol.next("typing")
    assert [each["data"]["username"] for each in carol.of_type("typing")] == ["bob"]


CROWD = (
    ("users", "id, username, username_key, fullname, fullname_key, created_at, updated_at",
     "n, 'no' || n, 'no' || n, '', '', 0, 0 FROM generate_series(1001, 3000) AS n"),
    ("members", "conversation_id, user_id, joined_id, first_id, role, joined_at, read_id,"
     " read_seq, delivered_id",
     "id, n, 1, 1, 'member', 0, 0, 0, 0 FROM conversations, generate_series(1001, 3000) AS n"),
    ("blocks", "user_id, blocked_id, created_at",
     "n, id, 0 FROM users, generate_series(1001, 3000) AS n WHERE username = 'alice'"),
)  # fmt: skip


async def test_a_logout_closes_sockets_at_every_node_within_a_second(
    folk: Town, cluster: list[Node]
) -> None:
    alice = await folk.person("alice")
    sockets = [await at(alice, node) for node in cluster]
    url = f"{cluster[1].url}/auth/logout"
    async with alice.http.post(url, headers=alice.headers) as answer:
        assert answer.status < 300
    closed = [await each.wait_closed(within=1) for each in sockets]
    assert [each.code for each in closed] == [4402] * 3


async def test_limits_hold_over_all_nodes(tmp_path: Path, where: str) -> None:
    """Of sockets, of passwords tried, of accounts made, and of requests."""
    settings = {
        "MAX_SOCKETS_PER_USER": "2", "LOGIN_ATTEMPTS": "3", "REGISTER_ATTEMPTS": "2",
        "RATE_LIMIT": "1", "RATE_BURST": "40",
    }  # fmt: skip
    async with (
        nodes(tmp_path, where, 2, **settings) as (one, other),
        town(one.url) as folk,
    ):
        alice = await folk.person("alice")
        first = await at(alice, one)
        last = [await at(alice, each) for each in (other, one)]
        assert (await first.wait_closed()).code == 4409
        asked = asyncio.gather(*(each.ask("ping") for each in last for _ in range(30)))
        codes = [each.get("code") for each in await asked]
        await asyncio.sleep(0.3)  # what was asked at one node is known at the other
        assert codes.count("rate_limited") > 0 or (await last[0].ask("ping"))["success"] is False
        await folk.person("bob")
        for node, path, wanted in ((one, "auth/login", 401), (other, "auth/login", 429),
                                   (other, "register", 429)):  # fmt: skip
            body = {"username": "bob", "password": "wrong horse", "fullname": "Bob"}
            for _ in range(3 if node is one else 1):
                async with folk.http.post(f"{node.url}/{path}", json=body) as answer:
                    status = answer.status
            assert status == wanted, path
            await asyncio.sleep(0.3)


async def test_uploads_are_limited_over_all_nodes(tmp_path: Path, where: str) -> None:
    """What was sent to one counts at the other a moment later."""
    async with (
        nodes(tmp_path, where, 2, UPLOADS_PER_HOUR="10") as (one, other),
        town(one.url) as folk,
    ):
        alice, bob = await folk.person("alice"), await folk.person("bob")
        for _ in range(10):
            await uploaded(alice, b"text", "note.txt")
        alice.url = bob.url = other.url
        taken = 0
        while (await send_file(alice, b"text", "note.txt")).status == 201:
            taken += 1
        assert taken < 10, "each node counts by itself"
        await uploaded(bob, b"text", "note.txt")


async def test_the_people_of_a_dead_node_are_gone_within_fifteen_seconds(
    folk: Town, cluster: list[Node]
) -> None:
    """But not who has come back elsewhere; one that was only frozen tells again who is there."""
    alice, bob, _ = await friends(folk, cluster)
    for name, node in (("carol", cluster[2]), ("dora", cluster[1])):
        person = await folk.person(name)
        await alice.do("add_contact", contact_username=name)
        await at(person, node)
        await alice.wait_for(lambda frame: status(frame) == (name, True))  # noqa: B023
    cluster[2].freeze()
    await cluster[1].kill()
    await at(folk.people[1], cluster[0])
    for name in ("carol", "dora"):
        await alice.wait_for(lambda frame: status(frame) == (name, False), within=20)  # noqa: B023
    taken = len(alice.received)
    cluster[2].thaw()
    await alice.wait_for(
        lambda frame: status(frame) == ("carol", True) and frame in alice.received[taken:], 10
    )
    assert ("bob", False) not in [status(frame) for frame in alice.received]
    assert bob.closed is not None


def status(frame: dict[str, object]) -> tuple[object, object] | None:
    """Who is told to be online, or not."""
    data = frame["data"] if frame["type"] == "user_status" else None
    return (data["username"], data["is_online"]) if isinstance(data, dict) else None


async def test_who_is_frozen_in_the_middle_of_a_batch_is_not_waited_for(
    folk: Town, cluster: list[Node], where: str
) -> None:
    """PostgreSQL takes the lock from who holds it and does nothing, after two seconds."""
    alice, bob, id_ = await friends(folk, cluster)
    with contextlib.closing(psycopg.connect(where, autocommit=True)) as frozen:
        for command in (commands.BEGIN, commands.LOCK):
            frozen.execute(command.encode())
        clock = asyncio.get_running_loop().time
        since = clock()
        sent = await alice.ask("send_message", conversation_id=id_, content="go on")
        assert sent["success"] is True
        assert 1 < clock() - since < 5  # how busy the machine is counts as well
        await bob.next("send_message")
        with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
            frozen.execute("COMMIT")


async def test_each_node_says_which_it_is(folk: Town, cluster: list[Node]) -> None:
    """In what it tells about itself, and in every line of its log."""
    names = []
    for node in cluster:
        async with folk.http.get(f"{node.url}/") as answer:
            names.append((await answer.json())["node"])
    assert len(set(names)) == len(cluster)
    await folk.person("alice")
    lines = [line for line in cluster[0].output.splitlines() if " parley.audit " in line]
    assert lines
    assert all(line.startswith(names[0]) for line in lines)


async def test_a_node_that_starts_leaves_alone_what_others_are_receiving(
    cluster: list[Node],
) -> None:
    """Where they share a folder; what nobody has written to for long goes."""
    incoming = Path(cluster[0].settings["FILES"]) / "incoming"
    arriving, left = incoming / "arriving.part", incoming / "left.part"
    for each in (arriving, left):
        each.write_bytes(b"half")
    os.utime(left, (0, 0))
    await cluster[1].kill()
    await cluster[1].start()
    assert arriving.exists()
    assert not left.exists()
