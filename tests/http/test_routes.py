"""Every route is declared, and every declaration is a route."""

import re
from pathlib import Path

import pytest
from aiohttp import web

from backend.app import running
from backend.protocol.http.endpoint import Endpoint
from backend.protocol.http.headers import HEADERS
from backend.protocol.http.table import ENDPOINTS
from backend.settings import Settings
from tests.support.engine import migrated_file

ALL = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)


async def test_what_runs_is_what_is_declared(tmp_path: Path) -> None:
    """The router of a whole server has each declared route, GET with HEAD, and no other."""
    path = str(tmp_path / "chat.db")
    migrated_file(path)
    settings = Settings(
        dbpath=path,
        files=str(tmp_path / "files"),
        host="127.0.0.1",
        port=0,
        metrics="loopback",
        dev=True,
    )
    async with running(settings) as server:
        found = sorted(map(_told, server.app.router.routes()))
    declared = [(each.method, each.path) for each in ENDPOINTS]
    declared += [("HEAD", path) for method, path in declared if method == "GET"]
    assert found == sorted(declared)


def _told(route: web.AbstractRoute) -> tuple[str, str]:
    assert route.resource is not None
    return route.method, route.resource.canonical


def test_names_are_given_once() -> None:
    """No two routes have the same name, which programs call them by."""
    names = [each.name for each in ENDPOINTS]
    assert len(names) == len(set(names))


@ALL
def test_a_declaration_is_whole(endpoint: Endpoint) -> None:
    """It begins with a sentence, shows how it is asked, and explains every header it names."""
    assert endpoint.says.partition("\n")[0].endswith(".")
    assert endpoint.example.startswith("curl ")
    assert {name for each in endpoint.answers for name in each.headers} <= HEADERS.keys()


@ALL
def test_what_is_in_the_path_is_declared(endpoint: Endpoint) -> None:
    """Each part of the path that differs is a parameter, and no other parameter is in the path."""
    named = [each.name for each in endpoint.parameters if each.place == "path"]
    assert named == re.findall(r"{(\w+)}", endpoint.path)


@ALL
def test_a_status_is_answered_for_one_reason(endpoint: Endpoint) -> None:
    """What refuses has another status than what answers."""
    answers = {each.status for each in endpoint.answers}
    assert not answers & {each.status for each in endpoint.refusals}
