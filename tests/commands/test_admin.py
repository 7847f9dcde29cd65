"""The admin commands, each a process of its own beside a running server."""

import contextlib
import json
import re
import sqlite3
import time
from pathlib import Path

import pytest

from tests.commands.terminal import in_terminal
from tests.files.uploading import uploaded
from tests.guarantees.waiting import eventually
from tests.support.acts import group, say
from tests.support.client import PASSWORD, Person, Socket, Town, town
from tests.support.server import Server

SOON = 1.5  # within a second, and what a busy machine takes


async def status_of(person: Person) -> int:
    """What /auth/verify says to the token."""
    async with person.http.get(f"{person.url}/auth/verify", headers=person.headers) as answer:
        return answer.status


async def login_status(person: Person, password: str = PASSWORD) -> int:
    """What logging in is answered with."""
    body = {"username": person.username, "password": password}
    async with person.http.post(f"{person.url}/auth/login", json=body) as answer:
        return answer.status


async def test_users_are_listed_a_line_each(server: Server, people: Town) -> None:
    """All of them, or those who are disabled; never those who are deleted."""
    await people.person("alice")
    await people.person("bob")
    gone = await people.person("carol")
    url, body = f"{gone.url}/auth/delete", {"password": PASSWORD}
    async with gone.http.post(url, json=body, headers=gone.headers) as answer:
        assert answer.status == 200
    await server.do("admin", "disable", "bob")
    lines = (await server.do("admin", "users")).splitlines()
    rows = [line.split("\t") for line in lines]
    assert [row[:5] for row in rows] == [
        ["1", "alice", "enabled", "Alice", ""],
        ["2", "bob", "disabled", "Bob", ""],
    ]
    assert await server.do("admin", "users", "--disabled") == lines[1] + "\n"
    assert await server.do("admin", "users", "AL") == lines[0] + "\n"
    assert await server.do("admin", "users", "zoe") == ""


async def test_what_is_listed_can_be_had_as_json(server: Server, people: Town) -> None:
    """Times in seconds, what is not there null; of what was done, the facts."""
    await people.person("alice")
    (alice,) = json.loads(await server.do("admin", "users", "--json"))
    assert alice.pop("created") == pytest.approx(time.time(), abs=60)
    assert alice == {
        "id": 1, "username": "alice", "state": "enabled", "fullname": "Alice", "email": None,
        "last_online": None,
    }  # fmt: skip
    done = (await server.do("admin", "disable", "alice", "--json")).splitlines()[-1]
    assert json.loads(done) == {"disabled": "alice"}
    assert await server.do("admin", "invites", "--json") == "[]\n"


@pytest.mark.sqlite
async def test_a_terminal_gets_a_table_that_nobody_can_write_over(server: Server) -> None:
    """What a name could do to a terminal is shown, not done."""
    await server.do("admin", "create", "eve", stdin="s3cret word\n")
    with contextlib.closing(sqlite3.connect(server.dbpath)) as db, db:
        db.execute("UPDATE users SET fullname = 'E\x1b[2Jve [red]\x07'")
    shown = re.sub(r"\x1b\[\d*m", "", await in_terminal(server, "admin", "users"))
    title, _, row = (line for line in shown.splitlines() if line.strip())
    assert title.split() == [
        "id",
        "username",
        "state",
        "fullname",
        "email",
        "created",
        "last",
        "online",
    ]
    assert "\\x1b[2Jve [red]\\x07" in row
    assert row.rstrip().endswith("never")
    assert "\x07" not in shown
    assert "\x1b[2J" not in shown


async def test_a_session_is_found_and_ended(server: Server, people: Town) -> None:
    """With its tokens and its socket; the others stay."""
    (alice,) = await people.online("alice")
    person = people.people[0]
    await person.login()
    phone = await person.connect()
    found = json.loads(await server.do("admin", "sessions", "alice", "--json"))
    assert [set(each) for each in found] == [
        {"id", "device", "address", "began", "last_seen", "ends"}
    ] * 2
    assert found[0]["address"] in {"127.0.0.1", "::1"}
    await server.do("admin", "end-sessions", "alice", "--session", str(found[0]["id"]))
    assert (await phone.wait_closed(SOON)).code == 4402
    assert await status_of(person) == 401
    await alice.do("ping")
    code, output = await server.command("admin", "end-sessions", "alice", "--session", "99")
    assert (code, output) == (1, "parley: alice has no session 99\n")


async def test_what_is_stored_of_whom_is_counted(server: Server, people: Town) -> None:
    """Of one in parts; of all, the largest first."""
    alice, bob = await people.online("alice", "bob")
    room = await group(alice, bob)
    for text in ("one", "two"):
        await say(bob, room, text)
    await uploaded(people.people[0], b"12345", "five.txt")
    parts = json.loads(await server.do("admin", "stored", "bob", "--json"))
    stored = {each["what"]: each["stored"] for each in parts}
    assert (stored["messages"], stored["conversations"], stored["file_bytes"]) == (2, 1, 0)
    listed = await server.do("admin", "stored", "--top", "1")
    assert listed == "alice\t1\t1\t5\n", "the message that says who made the group is hers"


async def test_an_invite_is_listed_and_revoked(shared: Server) -> None:
    """By the id it is listed with, or by the code itself."""
    code = (await shared.do("admin", "invite")).splitlines()[-1]
    other = json.loads(
        (await shared.do("admin", "invite", "--uses", "3", "--json")).splitlines()[-1]
    )
    listed = {
        each["uses_left"]: each["id"]
        for each in json.loads(await shared.do("admin", "invites", "--json"))
    }
    assert set(listed) == {1, 3}
    assert other["uses"] == 3
    await shared.do("admin", "revoke-invite", listed[3])
    await shared.do("admin", "revoke-invite", code)
    assert await shared.do("admin", "invites") == ""
    assert (await shared.command("admin", "revoke-invite", ""))[0] == 1


@pytest.mark.sqlite
async def test_the_search_index_is_made_anew(server: Server, people: Town) -> None:
    """By the server that runs, or by the command when none does; everything is found again."""
    (alice,) = await people.online("alice")
    room = (await alice.do("create_conversation", members=[]))["id"]
    await say(alice, room, "marmalade")
    await found(alice, "marmalade")
    with contextlib.closing(sqlite3.connect(f"{server.dbpath}.search")) as db, db:
        db.execute("DELETE FROM words")
    assert not (await alice.do("search_messages", query="marmalade"))["messages"]
    assert await server.do("admin", "rebuild-search") == "the server makes the search index anew\n"
    await found(alice, "marmalade")
    await server.stop()
    Path(f"{server.dbpath}.search").unlink()
    said = await server.do("admin", "rebuild-search")
    assert said == "looked at 2 messages for the search index\n"
    with contextlib.closing(sqlite3.connect(f"{server.dbpath}.search")) as db:
        assert "marmalade" in db.execute("SELECT group_concat(text) FROM words").fetchone()[0]


async def found(asker: Socket, text: str) -> None:
    """Wait until a message is found."""

    async def is_there() -> bool:
        return bool((await asker.do("search_messages", query=text))["messages"])

    await eventually(is_there)


@pytest.mark.sqlite
async def test_the_room_of_what_is_gone_is_given_back(server: Server) -> None:
    """Not while a server runs."""
    code, output = await server.command("admin", "vacuum")
    assert (code, output) == (1, f"parley: {server.dbpath} is in use by another server\n")
    await server.stop()
    with contextlib.closing(sqlite3.connect(server.dbpath)) as db, db:
        db.execute("CREATE TABLE ballast (x)")
        db.execute("INSERT INTO ballast VALUES (zeroblob(1000000))")
    with contextlib.closing(sqlite3.connect(server.dbpath)) as db, db:
        db.execute("DROP TABLE ballast")
    said = json.loads(await server.do("admin", "vacuum", "--json"))
    assert said["before"] - said["after"] >= 900_000  # some of it may be used again meanwhile
    assert server.dbpath.stat().st_size == said["after"]


async def test_a_created_user_can_log_in(server: Server, people: Town) -> None:
    """The password comes by the input, by the rules that registering has."""
    await server.do("admin", "create", "eve", "--fullname", "Eve Polastri", stdin="s3cret word\n")
    eve = Person(people.http, people.url, "eve")
    await eve.login("s3cret word")
    socket = await eve.connect()
    assert (await socket.do("self"))["fullname"] == "Eve Polastri"
    await socket.close()


@pytest.mark.parametrize(
    ("username", "stdin", "text"),
    [
        ("EVE", "s3cret word\n", "username already exists: EVE"),
        ("a b", "s3cret word\n", "username should be 1 to 32 letters"),
        ("adam", "short\n", "password should have at least 8 characters"),
        ("adam", "", "password should have at least 8 characters"),
    ],
)
async def test_a_bad_user_is_not_created(
    shared: Server, username: str, stdin: str, text: str
) -> None:
    """What is wrong is said in one line."""
    await shared.command("admin", "create", "eve", stdin="s3cret word\n")
    code, output = await shared.command("admin", "create", username, stdin=stdin)
    assert (code, output.count("\n")) == (1, 1)
    assert text in output


async def test_disabling_closes_sockets_and_refuses_tokens(server: Server, people: Town) -> None:
    """A disabled user is out within a second, and in again once enabled."""
    alice, bob = await people.online("alice", "bob")
    await server.do("admin", "disable", "alice")
    assert (await alice.wait_closed(SOON)).code == 4402
    person = people.people[0]
    assert await status_of(person) == 401
    assert await login_status(person) == 403
    refused = await person.connect()
    assert (await refused.wait_closed()).code in {4401, 4402}
    assert await bob.quiet() == []
    await server.do("admin", "enable", "alice")
    await person.login()
    await (await person.connect()).do("self")


async def test_a_reset_password_ends_all_sessions(server: Server, people: Town) -> None:
    """Only the new password works, everything that was logged in is out."""
    (alice,) = await people.online("alice")
    await server.do("admin", "reset-password", "alice", stdin="another horse\n")
    assert (await alice.wait_closed(SOON)).code == 4402
    person = people.people[0]
    assert await status_of(person) == 401
    assert await login_status(person) == 401
    assert await login_status(person, "another horse") == 202


async def test_sessions_are_ended(server: Server, people: Town) -> None:
    """One is logged out everywhere, and may log in again."""
    (alice,) = await people.online("alice")
    await people.people[0].login()
    phone = await people.people[0].connect()
    output = await server.do("admin", "end-sessions", "Alice")
    noted, told = output.splitlines()
    assert re.search(r"INFO parley\.audit sessions ended: alice, from the command line, by ", noted)
    assert told == "ended 2 sessions of alice"
    for socket in (alice, phone):
        assert (await socket.wait_closed(SOON)).code == 4402
    assert await status_of(people.people[0]) == 401
    assert await login_status(people.people[0]) == 202


@pytest.mark.parametrize("what", ["disable", "enable", "reset-password", "end-sessions"])
async def test_nobody_of_that_name(shared: Server, what: str) -> None:
    """It is said in one line."""
    code, output = await shared.command("admin", what, "nobody-at-all", stdin="another horse\n")
    assert (code, output) == (1, "parley: there is no user nobody-at-all\n")


@pytest.mark.process
async def test_an_invite_lets_somebody_register(tmp_path: Path) -> None:
    """Its code is the last line; it is good for as many as were asked for."""
    server = Server(tmp_path, {"REGISTRATION": "invite"})
    await server.start()
    code = (await server.do("admin", "invite", "--uses", "2")).splitlines()[-1]
    async with town(server.url) as people:
        statuses = []
        for name in ("alice", "bob", "carol"):
            body = {"username": name, "password": PASSWORD, "fullname": name, "invite": code}
            async with people.http.post(f"{server.url}/register", json=body) as answer:
                statuses.append(answer.status)
    assert statuses == [201, 201, 403]
    assert (await server.command("admin", "invite", "--uses", "0"))[0] == 1
    await server.stop()
