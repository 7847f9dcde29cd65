"""Fixtures every test may use."""

from collections.abc import AsyncIterator, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import engine
from tests.support import postgres as postgresql
from tests.support.client import Town, town, town_of
from tests.support.nursery import no_processes
from tests.support.postgres import Postgres
from tests.support.printed import no_secrets
from tests.support.server import Server
from tests.support.shared import SharedTown, shared_server

__all__ = ["no_secrets"]

# how long an example takes says more about the machine than about the code
settings.register_profile("parley", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("parley")

# where all fixtures start a process; who starts one in another way says so
STARTING = {"tests.conftest", "tests.abuse.conftest", "tests.guarantees.conftest"}


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start what all tests of this process share; with xdist, each worker its own."""
    if hasattr(session.config, "workerinput") or not session.config.getoption("numprocesses", None):
        engine.begin()


def pytest_sessionfinish() -> None:
    """End it."""
    engine.end()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that are given a process; leave out those that are about the other engine."""
    if engine.IS_POSTGRES:
        items[:] = [item for item in items if item.get_closest_marker("sqlite") is None]
    for item in items:
        if isinstance(item, pytest.Function):
            given = item._fixtureinfo.name2fixturedefs.values()
            if any(each[-1].func.__module__ in STARTING for each in given):
                item.add_marker("process")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let no other test start one, so that `make quick` leaves out all that are slow for it."""
    if item.get_closest_marker("process"):
        return (yield)
    with no_processes():
        return (yield)


@pytest.fixture(autouse=engine.IS_POSTGRES)
def databases(tmp_path: Path) -> Iterator[None]:
    """Drop the databases that a test has made."""
    yield
    engine.drop(tmp_path)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """A running server on a fresh database."""
    running = Server(tmp_path)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def people(server: Server) -> AsyncIterator[Town]:
    """People on that server."""
    async with town(server.url) as here:
        yield here


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests that need no settings of their own and do not stop it."""
    with shared_server(tmp_path_factory.mktemp("shared")) as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Databases on a real PostgreSQL: at `PGURL`, or started for these tests."""
    with postgresql.postgres() as databases:
        yield databases


@pytest.fixture
async def guests(shared: Server) -> AsyncIterator[SharedTown]:
    """People on the shared server, under names nobody else has; it must not have failed them."""
    told = len(shared.output)
    async with town_of(SharedTown, shared.url) as here:
        yield here
    assert "Traceback" not in shared.output[told:], shared.output[told:]
