"""DEV=1: who one is without a password, on this machine alone."""

from pathlib import Path

import pytest

from backend.settings import BadSetting, read_settings
from tests.support.client import town
from tests.support.http import JSON
from tests.support.http_fixtures import Start
from tests.support.server import Server

PASSED_ON = (
    {"X-Forwarded-For": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"},
    {"Via": "1.1 proxy"},
    {"Host": "evil.example"},
)


async def test_an_id_is_who_has_it(start: Start) -> None:
    """Alone it names an account that is there; any other is nobody."""
    server = await start(dev=True)
    await server.register("alice")
    headers = JSON | {"X-User-ID": "1"}
    assert (await server.get("/auth/verify", headers=headers)).json["username"] == "alice"
    for other in ("2", "0", "-1", "one", "9" * 30, "²", ""):
        reply = await server.get("/auth/verify", headers=JSON | {"X-User-ID": other})
        assert (reply.status, reply.json["code"]) == (401, "unauthorized"), other


async def test_a_name_beside_it_is_made_somebodys(start: Start) -> None:
    """As a gateway sends both: the first time the account is made, then it is that one."""
    server = await start(dev=True)
    headers = JSON | {"X-User-ID": "4711", "X-Username": "bob"}
    told = [(await server.get("/auth/verify", headers=headers)).json for _ in range(2)]
    assert [each["username"] for each in told] == ["bob", "bob"]
    assert told[0]["user_id"] == told[1]["user_id"]
    reply = await server.get("/auth/verify", headers=headers | {"X-Username": "no good"})
    assert (reply.status, reply.json["field"]) == (400, "username")


async def test_who_is_disabled_or_deleted_is_nobody(start: Start) -> None:
    """Nor is a name given out again."""
    server = await start(dev=True)
    await server.register("alice")
    await server.register("bob")
    await server.write(lambda db: db.execute("UPDATE users SET disabled_at = 1 WHERE id = 1"))
    assert (await server.get("/auth/verify", headers={"X-User-ID": "1"})).status == 401
    bob = {"X-User-ID": "2", "X-Username": "bob"}
    deleted = await server.post("/auth/delete", {"password": "correct horse"}, headers=bob)
    assert deleted.text == "deleted"
    assert (await server.get("/auth/verify", headers=bob)).status == 401


@pytest.mark.parametrize("headers", PASSED_ON)
async def test_from_elsewhere_it_says_nothing(start: Start, headers: dict[str, str]) -> None:
    """What was passed on, or asked for by another name, is answered as without it."""
    server = await start(dev=True)
    await server.register("alice")
    reply = await server.get("/auth/verify", headers=headers | {"X-User-ID": "1"})
    assert (reply.status, reply.text) == (401, "login-token required")


async def test_a_page_may_not_send_it(start: Start) -> None:
    """A browser that asks first is not told that it may."""
    server = await start(dev=True)
    reply = await server.ask("OPTIONS", "/auth/verify", headers={"Origin": "http://localhost:5173"})
    assert "user-id" not in reply.headers["Access-Control-Allow-Headers"].lower()


async def test_without_dev_it_is_nothing(start: Start) -> None:
    """The headers are as any others."""
    server = await start()
    await server.register("alice")
    headers = {"X-User-ID": "1", "X-Username": "alice"}
    assert (await server.get("/auth/verify", headers=headers)).status == 401


@pytest.mark.parametrize(
    "values", [{"HOST": "0.0.0.0"}, {"HOST": "chat.example"}, {"TRUSTED_PROXIES": "127.0.0.1"}]
)
def test_it_does_not_start_where_others_come(values: dict[str, str]) -> None:
    """On another address than this machine's, or behind a proxy, it refuses to."""
    assert read_settings({"DEV": "1", "HOST": "127.0.0.1"}, None).dev
    with pytest.raises(BadSetting, match="DEV is true"):
        read_settings({"DEV": "1", **values}, None)


@pytest.mark.process
async def test_a_socket_of_somebody_without_a_password(tmp_path: Path) -> None:
    """The server says loudly what it is, and the socket is that person's."""
    server = Server(tmp_path, {"DEV": "1"})
    await server.start()
    async with town(server.url) as people:
        headers = {"X-User-ID": "7", "X-Username": "ada"}
        async with people.http.ws_connect(f"{server.url}/ws", headers=headers) as socket:
            await socket.send_json({"type": "self"})
            assert (await socket.receive_json())["data"]["username"] == "ada"
    assert await server.stop() == 0
    assert "ANYBODY" in server.output
