"""The admin commands, each a process of its own beside a running server."""

import re
from pathlib import Path

import pytest

from tests.support.client import PASSWORD, Person, Town, town
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
    listed = await server.do("admin", "users")
    assert listed == "1\talice\tenabled\tAlice\n2\tbob\tdisabled\tBob\n"
    assert await server.do("admin", "users", "--disabled") == "2\tbob\tdisabled\tBob\n"


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
