"""A server that has been used says how: every figure, from the room that counts it."""

import asyncio
import resource
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from backend import VERSION
from backend.metrics.table import TABLE
from tests import ROOT
from tests.files.uploading import uploaded
from tests.metrics.figures import Figures, figures_at, metrics_url
from tests.support.acts import group, say
from tests.support.client import Town, town
from tests.support.network import network
from tests.support.server import Server

pytestmark = pytest.mark.process
PASSED_ON = (
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Real-IP": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"},
    {"Via": "1.1 proxy"},
    {"Host": "evil.example"},
    {"Host": "evil.example:8000"},
)
DOCS = (ROOT / "docs" / "operations.md").read_text()


@pytest.fixture
async def counted(tmp_path: Path) -> AsyncIterator[Server]:
    """A server with figures on a port of their own, that lets little pass."""
    settings = {"METRICS": "0", "RATE_BURST": "20", "RATE_LIMIT": "0.1", "LOGIN_ATTEMPTS": "1"}
    server = Server(tmp_path, settings)
    await server.start()
    yield server
    await server.stop()


async def busy(people: Town) -> None:
    """Let two people meet, write, err, be too fast, come back, and guess."""
    alice, bob = await people.online("alice", "bob")
    room = await group(alice, bob)
    for number in range(3):
        await say(alice, room, f"message {number}")
    await alice.ask("send_message", conversation_id=room)
    for _ in range(3):
        await alice.send({"type": "no_such_thing"})
    cursor = bob.cursor
    await bob.close()
    await say(alice, room, "while he was away")
    again = await people.people[1].connect(cursor)
    await again.next("resumed")
    while (await alice.ask("ping")).get("code") != "rate_limited":
        pass
    for _ in range(2):
        body = {"username": "alice", "password": "a wrong guess"}
        async with people.http.post(f"{people.url}/auth/login", json=body):
            pass


async def settled(server: Server) -> Figures:
    """The figures when search has caught up."""
    async with asyncio.timeout(10):
        while True:
            found = await figures_at(metrics_url(server))
            if found.of("parley_log_position") and not found.of("parley_search_behind"):
                return found
            await asyncio.sleep(0.1)


async def test_what_happened_is_counted(counted: Server) -> None:
    """Each figure, after a life that touched it."""
    async with town(counted.url) as people:
        await busy(people)
        async with people.http.request("BREW", f"{counted.url}/teapots/alice"):
            pass
        for _ in range(400):  # each leaves the collector something
            async with people.http.get(f"{counted.url}/nothing"):
                pass
        found = await settled(counted)
    assert_no_label_is_a_persons(found)
    requests, refused = "parley_requests_total", "parley_refused_total"
    assert found.of(requests, type="send_message", outcome="ok") == 4
    assert found.of(requests, type="send_message", outcome="invalid_request") == 1
    assert found.of(requests, type="unknown", outcome="unknown_type") == 3
    assert found.of("parley_request_seconds_count", type="send_message") == 5
    assert found.of("parley_request_seconds_bucket", type="send_message", le="+Inf") == 5
    assert 0 < found.of("parley_request_seconds_sum", type="send_message") < 60
    assert (found.of("parley_sockets"), found.of("parley_users_online")) == (2, 2)
    assert found.of("parley_sockets_closed_total", code="client") == 1
    assert found.of("parley_resumes_total", status="ok") == 1
    assert found.of("parley_replayed_events_total") == 1
    assert found.of("parley_commit_seconds_count") == found.of("parley_commit_writes_count") > 4
    assert found.of("parley_collector_pause_seconds_count") > 0
    assert found.of("parley_log_position") >= 6
    assert found.of("parley_hub_behind") == 0
    assert found.of(refused, reason="requests") == 1
    assert found.of(refused, reason="login_guesses") == 1
    login = {"method": "POST", "route": "/auth/login"}
    assert found.of("parley_http_requests_total", **login, status="202") == 2
    assert found.of("parley_http_requests_total", **login, status="429") == 1
    assert found.of("parley_database_bytes", file="database") > 4096
    assert found.of("process_resident_memory_bytes") > 1e6
    assert found.of("parley_info", version=VERSION) == 1
    assert found.of("parley_http_request_seconds_count", route="/auth/login") == 4
    for each in ("parley_writes_waiting", "parley_search_unindexed"):
        assert found.samples[each, frozenset()] == 0


def assert_no_label_is_a_persons(found: Figures) -> None:
    """Every figure is told by the table's name, kind and labels, whatever strangers send."""
    for metric in TABLE:
        assert found.kinds[metric.name.removesuffix("_total")] == metric.kind
        assert found.labels(metric.name) - {"le"} <= set(metric.labels)
    values = {value for _, labels in found.samples for _, value in labels}
    assert not [each for each in values if "alice" in each or "no_such_thing" in each]
    assert "BREW" not in values


async def until(server: Server, wanted: Callable[[Figures], bool]) -> Figures:
    """The figures once they are as wanted."""
    async with asyncio.timeout(20):
        while True:
            found = await figures_at(metrics_url(server))
            if wanted(found):
                return found
            await asyncio.sleep(0.05)


@pytest.mark.sqlite
async def test_what_goes_wrong_is_counted(tmp_path: Path) -> None:
    """A slow reader, a queue of passwords, a full disk."""
    server = Server(tmp_path, {"METRICS": "0", "RATE_LIMIT": "0", "OUTBOX_LIMIT": "65536"})
    await server.start()
    async with town(server.url) as people, network(server.port) as between:
        (alice,) = await people.online("alice")
        await uploaded(people.people[0], b"12345", "five.txt")
        bob = await people.person("bob")
        bob.url = between.url
        far = await bob.live()
        room = await group(alice, far)
        between.deaf = True
        seen = 0.0
        while (found := await figures_at(metrics_url(server))).of("parley_sockets") == 2:
            await asyncio.gather(*(say(alice, room, "x" * 3900) for _ in range(20)))
            seen = max(seen, found.of("parley_outbox_bytes"))
        assert seen > 0
        assert (found.of("parley_files"), found.of("parley_file_bytes")) == (1, 5)
        between.heal()
        await until(server, lambda f: f.of("parley_sockets_closed_total", code="too_slow") == 1)
        crowd = [people.person(f"guest{number}") for number in range(20)]
        arriving = asyncio.gather(*crowd)
        await until(server, lambda f: f.of("parley_password_queue") > 0)
        await arriving
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        assert (await alice.ask("send_message", conversation_id=room, content="a"))[
            "code"
        ] == "unavailable"
        found = await figures_at(metrics_url(server))
        assert found.of("parley_commits_failed_total") > 0
    await server.kill()


def test_every_figure_is_documented() -> None:
    """docs/operations.md has a row for each, in the order of the table."""
    rows = [
        f"| `{each.name}` | {each.kind} | {', '.join(f'`{label}`' for label in each.labels)} |"
        f" {each.text} |".replace("|  |", "| |")
        for each in TABLE
    ]
    assert "\n".join(rows) in DOCS


async def test_what_is_passed_on_is_no_such_path(tmp_path: Path) -> None:
    """A request that a proxy brings, or that goes by another name, finds nothing."""
    server = Server(tmp_path, {"METRICS": "loopback"})
    await server.start()
    url = f"{server.url}/metrics"
    assert "parley_sockets" in (await figures_at(url)).kinds
    assert "parley_sockets" in (await figures_at(url.replace("localhost", "127.0.0.1"))).kinds
    for headers in PASSED_ON:
        async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
            assert answer.status == 404, headers
    await server.stop()


async def test_figures_are_off_unless_asked_for(shared: Server) -> None:
    """There is no such path."""
    async with aiohttp.ClientSession() as http, http.get(f"{shared.url}/metrics") as answer:
        assert answer.status == 404
