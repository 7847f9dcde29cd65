"""docs/deploy/grafana.json asks for what the server tells, in a way that Prometheus understands."""

import contextlib
import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import promql_parser
import pytest

from backend.metrics.table import TABLE
from tests import ROOT
from tests.guarantees.waiting import eventually
from tests.metrics.figures import figures_at, metrics_url
from tests.support.acts import group, say
from tests.support.client import town
from tests.support.server import Server

DASHBOARD = json.loads((ROOT / "docs" / "deploy" / "grafana.json").read_text())
GRAFANAS = {"$__rate_interval": "1m", "$__range": "3h", "$instance": ".*"}
LABELS = {each.name: {*each.labels, "instance", "le"} for each in TABLE}
PARTS = ("_bucket", "_sum", "_count")


def queries() -> Iterator[str]:
    """Every query, with what Grafana puts into it."""
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"]
            for name, value in GRAFANAS.items():
                query = query.replace(name, value)
            yield query


QUERIES = sorted(set(queries()))


def selectors(query: str) -> list[tuple[str, set[str]]]:
    """The names a query asks for, each with the labels that it is asked by."""
    found: list[tuple[str, set[str]]] = []

    def look(part: Any) -> None:
        if isinstance(part, promql_parser.VectorSelector):
            assert part.name is not None
            found.append((part.name, {each.name for each in part.matchers.matchers}))
        for name in ("lhs", "rhs", "expr", "param", "vector_selector"):
            if getattr(part, name, None) is not None:
                look(getattr(part, name))
        for argument in getattr(part, "args", []):
            look(argument)

    look(promql_parser.parse(query))
    return found


def family(name: str) -> str:
    """The figure that a name is a part of."""
    for part in PARTS:
        if name.removesuffix(part) in LABELS:
            return name.removesuffix(part)
    return name


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_can_be_read_and_asks_by_labels_there_are(query: str) -> None:
    """As it stands, by a parser of PromQL that knows functions and types."""
    groups = re.findall(r"by \(([^)]*)\)", query)
    grouped = {label.strip() for each in groups for label in each.split(",")}
    found = selectors(query)
    assert found
    known = set.union(*(LABELS.get(family(name), {"instance"}) for name, _ in found))
    assert grouped <= known
    for name, labels in found:
        assert labels <= LABELS.get(family(name), {"instance"})


def test_every_figure_has_its_place() -> None:
    """Of ours; what is told and never looked at is for nothing."""
    asked = {family(name) for query in QUERIES for name, _ in selectors(query)}
    assert {each.name for each in TABLE} <= asked


def test_panels_have_their_own_numbers_and_places() -> None:
    """None lies on another."""
    panels = DASHBOARD["panels"]
    assert len({each["id"] for each in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        columns, rows = range(at["x"], at["x"] + at["w"]), range(at["y"], at["y"] + at["h"])
        cells = {(x, y) for x in columns for y in rows}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells


@pytest.mark.process
async def test_what_is_asked_for_is_what_a_server_tells(tmp_path: Path) -> None:
    """Names of ours and of the process's alike."""
    server = Server(tmp_path, {"METRICS": "0"})
    await server.start()
    told = await figures_at(metrics_url(server))
    await server.stop()
    names = {name for name, _ in told.samples} | {f"{name}_total" for name in told.kinds}
    names |= told.kinds.keys() | {f"{name}{part}" for name in told.kinds for part in PARTS}
    assert {name for query in QUERIES for name, _ in selectors(query)} <= names


@pytest.mark.process
@pytest.mark.skipif(shutil.which("prometheus") is None, reason="needs Debian's prometheus")
async def test_a_real_prometheus_answers_every_query(tmp_path: Path) -> None:
    """One that scrapes a server which is used; all but what nothing has happened of has values."""
    server = Server(tmp_path, {"METRICS": "0", "RATE_LIMIT": "0"})
    await server.start()
    async with town(server.url) as people:
        alice, bob = await people.online("alice", "bob")
        room = await group(alice, bob)
        with prometheus(tmp_path, metrics_url(server)) as url:

            async def is_scraped() -> bool:
                with contextlib.suppress(aiohttp.ClientError):  # not yet
                    return bool(await ask(people.http, url, "count_over_time(parley_info[1m]) > 1"))
                return False

            await eventually(is_scraped, within=60)

            async def is_counted() -> bool:
                await say(alice, room, "once more")
                query = 'sum(rate(parley_requests_total{type="send_message"}[1m])) > 0'
                return bool(await ask(people.http, url, query))

            await eventually(is_counted, within=60)
            empty = [query for query in QUERIES if not await ask(people.http, url, query)]
    await server.stop()
    names = {name for query in empty for name, _ in selectors(query)}
    assert names <= {
        "parley_requests_total", "parley_refused_total", "parley_resumes_total",
        "parley_sockets_closed_total", "parley_http_requests_total",
        "parley_http_request_seconds_bucket",
    }  # fmt: skip


async def ask(http: aiohttp.ClientSession, url: str, query: str) -> list[Any]:
    """What Prometheus finds; it must understand the query."""
    async with http.get(f"{url}/api/v1/query", params={"query": query}) as answer:
        body = await answer.json()
    assert body["status"] == "success", (query, body)
    return list(body["data"]["result"])


@contextlib.contextmanager
def prometheus(folder: Path, target: str) -> Iterator[str]:
    """A Prometheus that scrapes a server twice a second; gives where it answers."""
    config = {
        "global": {"scrape_interval": "500ms"},
        "scrape_configs": [
            {"job_name": "chat", "static_configs": [{"targets": [target.split("/")[2]]}]}
        ],
    }
    (folder / "prometheus.yml").write_text(json.dumps(config))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = (
        "prometheus", f"--config.file={folder}/prometheus.yml",
        f"--web.listen-address=127.0.0.1:{port}",
        f"--storage.tsdb.path={folder}/tsdb", "--log.level=error",
    )  # fmt: skip
    process = subprocess.Popen(arguments)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
