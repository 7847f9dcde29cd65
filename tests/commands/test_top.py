"""`top` beside a running server, for a pipe and for a terminal; what it works out."""

import math
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from backend.commands.top.rates import Between, quantile
from backend.commands.top.reading import Reading
from backend.protocol.http.server import Connected, ConnectedUser
from tests.commands.terminal import in_terminal
from tests.metrics.figures import metrics_url
from tests.support.acts import group, say
from tests.support.client import town
from tests.support.server import Server

INF = math.inf


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Server]:
    """A server that tells its figures."""
    server = Server(tmp_path, {"METRICS": "0"})
    await server.start()
    yield server
    await server.stop()


def port_of(server: Server) -> str:
    """Where it tells them."""
    found = re.search(r":(\d+)/metrics", metrics_url(server))
    assert found is not None
    return found[1]


@pytest.mark.process
async def test_a_pipe_gets_a_line_for_each_look(told: Server) -> None:
    """As often as is asked for."""
    async with town(told.url) as people:
        await people.online("alice", "bob")
        arguments = ("top", "--count", "2", "--every", "0.2", "--port", port_of(told))
        lines = (await told.do(*arguments)).splitlines()
    assert len(lines) == 2
    for line in lines:
        assert re.match(r"\d\d:\d\d:\d\d users 2 sockets 2 requests \d", line)


@pytest.mark.process
async def test_a_terminal_gets_a_screen(told: Server) -> None:
    """With who is connected."""
    async with town(told.url) as people:
        alice, bob = await people.online("alice", "bob")
        await say(alice, await group(alice, bob), "hello")
        arguments = ("top", "--count", "1", "--every", "0.2", "--port", port_of(told))
        shown = await in_terminal(told, *arguments)
    assert "users online" in shown
    assert re.search(r"alice +1 +0\.0 +0 B", shown)
    assert re.search(r"bob +1 +0\.0 +0 B", shown)


@pytest.mark.process
async def test_nobody_else_is_told_who_is_connected(told: Server) -> None:
    """Not without the operator's token, nor with that of somebody logged in."""
    async with town(told.url) as people:
        person = await people.person("alice")
        url = f"{metrics_url(told)}/connected"
        for headers in ({}, person.headers, {"Authorization": "Bearer x"}):
            async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
                assert answer.status == 404
                assert "alice" not in await answer.text()


@pytest.mark.process
async def test_what_is_in_the_way_is_a_line(shared: Server) -> None:
    """No figures, no server, nothing to wait for."""
    code, output = await shared.command("top")
    assert (code, output.count("\n")) == (1, 1)
    assert output.startswith("parley: METRICS is off")
    code, output = await shared.command("top", "--port", str(shared.port))
    assert (code, output.count("\n")) == (1, 1)
    assert "/metrics is answered 404" in output
    code, output = await shared.command("top", "--port", "1")
    assert (code, output.count("\n")) == (1, 1)
    assert (await shared.command("top", "--every", "0"))[0] == 1


@pytest.mark.process
@pytest.mark.sqlite
async def test_it_makes_no_secret(tmp_path: Path) -> None:
    """One made beside the server's would open nothing, and would be taken for the server's."""
    server = Server(tmp_path, {"JWTSECRET": ""})
    code, output = await server.command("top", "--port", "1")
    assert (code, output.count("\n")) == (1, 1)
    assert output.startswith("parley: there is neither JWTSECRET nor ")
    assert not list(tmp_path.rglob("*.secret"))


def reading(at: float, frames: int, samples: dict[tuple[str, str, str], float]) -> Reading:
    """Figures of requests, by name and the values of `type` and of another label."""
    found = {}
    for (name, type_, other), value in samples.items():
        label = "le" if name.endswith("bucket") else "outcome"
        found[name, frozenset({("type", type_), (label, other)})] = value
    user = ConnectedUser(username="alice", sockets=2, frames=frames, waiting=7)
    return Reading(at, found, Connected(count=1, users=(user,)))


def test_rates_are_of_what_happened_between_two_looks() -> None:
    """Not of what was before."""
    total, bucket = "parley_requests_total", "parley_request_seconds_bucket"
    old = reading(100, 50, {(total, "ping", "ok"): 1000, (bucket, "ping", "0.1"): 1000,
                            (bucket, "ping", "+Inf"): 1000})  # fmt: skip
    new = reading(102, 54, {(total, "ping", "ok"): 1006, (total, "ping", "not_found"): 2,
                            (bucket, "ping", "0.1"): 1004, (bucket, "ping", "+Inf"): 1008,
                            (total, "help", "ok"): 1, (bucket, "help", "0.1"): 1,
                            (bucket, "help", "+Inf"): 1})  # fmt: skip
    between = Between(old, new)
    assert between.rate(total) == 4.5
    ping, help_ = between.requests()
    assert (ping.type, ping.rate, ping.failed) == ("ping", 4.0, 1.0)
    assert (ping.p50, ping.p99) == (0.1, 0.1)
    assert (help_.type, help_.rate, help_.p50) == ("help", 0.5, 0.05)
    (alice,) = between.people()
    assert alice == ("alice", 2, 2.0, 7)


@pytest.mark.parametrize(
    ("q", "buckets", "expected"),
    [
        (0.5, {0.1: 10, 0.2: 10, INF: 10}, 0.05),
        (0.5, {0.1: 0, 0.2: 10, INF: 10}, 0.15),
        (0.75, {0.1: 5, 0.2: 10, INF: 10}, 0.15),
        (0.99, {0.1: 0, 0.2: 0, INF: 4}, 0.2),
    ],
)
def test_quantiles_are_those_of_prometheus(
    q: float, buckets: dict[float, float], expected: float
) -> None:
    """Even within a bucket; what is above the last bound is told as that."""
    assert quantile(q, buckets) == pytest.approx(expected)


def test_of_nothing_there_is_no_quantile() -> None:
    """Neither without buckets nor without values in them."""
    assert math.isnan(quantile(0.5, {}))
    assert math.isnan(quantile(0.5, {0.1: 0.0, INF: 0.0}))
