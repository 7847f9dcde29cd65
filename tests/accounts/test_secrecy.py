"""Secrets stay out of the log."""

import logging

import pytest

from backend.store import erasures
from backend.store.engine.db import Db
from tests.support.http import PASSWORD, Server


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
