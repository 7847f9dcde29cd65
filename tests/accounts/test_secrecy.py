"""Secrets stay out of the log."""

import logging

import pytest

from backend.store import erasures
from backend.store.engine.db import Db
from tests.support.http import PASSWORD, Server
from tests.support.http_fixtures import Start


async def test_secrets_are_not_logged(
    server: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one of passwords, tokens and hashes is logged, whether things go well or badly."""
    caplog.set_level(logging.DEBUG)

    def fail(db: Db, user_id: int) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr(erasures, "begin", fail)
    await server.register("alice")
    tokens = await server.login("alice")
    await server.post("/auth/login", {"username": "alice", "password": "wr0ng passw0rd"})
    await server.post("/auth/refresh", {"refresh_token": tokens.refresh})
    await server.post("/auth/refresh", {"refresh_token": "stolen refresh"})
    protocols = {"Sec-WebSocket-Protocol": f"parley.v1, bearer.{tokens.access}"}
    assert (await server.get("/auth/verify", headers=protocols)).status == 200
    await server.get("/auth/verify", headers={"Authorization": "Bearer stolen"})
    failed = await server.post("/auth/delete", {"password": PASSWORD}, headers=tokens.bearer)
    assert failed.status == 500
    reference = failed.text.rpartition(" ")[2]
    assert f"reference {reference}" in caplog.text
    ((stored,),) = await server.rows("SELECT password_hash FROM users")
    secrets = [PASSWORD, "wr0ng passw0rd", tokens.access, tokens.refresh, "stolen", stored]
    for secret in secrets:
        assert secret not in caplog.text


async def test_who_comes_and_goes_is_logged(start: Start, caplog: pytest.LogCaptureFixture) -> None:
    """A line each for what happens to accounts: what, who, from where; no name nobody has."""
    caplog.set_level(logging.INFO, "parley.audit")
    server = await start(login_attempts=2)
    await server.register("alice")
    for name in ("my passw0rd", "alice", "alice"):
        await server.post("/auth/login", {"username": name, "password": "wrong"})
    assert [record.message for record in caplog.records if record.name == "parley.audit"] == [
        "registered: alice, from 127.0.0.1",
        "wrong password: nobody we know, from 127.0.0.1",
        "wrong password: alice, from 127.0.0.1",
        "password not looked at (rate_limited): alice, from 127.0.0.1",
    ]
    caplog.clear()
    server = await start()
    tokens, other = await server.login("alice"), await server.login("alice")
    body = {"old_password": PASSWORD, "new_password": "battery staple"}
    await server.post("/auth/password", body, headers=tokens.bearer)
    await server.post("/auth/logout?all=true", headers=tokens.bearer)
    last = await server.login("alice", "battery staple")
    await server.post("/auth/delete", {"password": "battery staple"}, headers=last.bearer)
    assert [record.message for record in caplog.records if record.name == "parley.audit"] == [
        "logged in: alice, from 127.0.0.1",
        "logged in: alice, from 127.0.0.1",
        "password changed, other sessions ended: alice, from 127.0.0.1",
        "logged out everywhere: alice, from 127.0.0.1",
        "logged in: alice, from 127.0.0.1",
        "account deleted: alice, from 127.0.0.1",
    ]
    for secret in (PASSWORD, "my passw0rd", "battery", tokens.access, other.refresh):
        assert secret not in caplog.text
