"""Three nodes on a database of their own."""

import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from backend.store.engine.connection import open_database
from backend.store.migrations import migrate_up
from tests.support.client import Town, town
from tests.support.nodes import Node, nodes
from tests.support.postgres import Cluster, Postgres


def migrate(where: str) -> None:
    """Make the tables of a database."""
    with contextlib.closing(open_database(where)) as db:
        list(migrate_up(db))


@pytest.fixture(scope="session")
def template(postgres: Postgres) -> str:
    """The name of a database with its tables made."""
    return postgres.template(migrate)


@pytest.fixture
def where(postgres: Postgres, template: str) -> Iterator[str]:
    """The URL of a migrated database."""
    made = postgres.create(template)
    yield made
    postgres.drop(made)


@pytest.fixture(scope="module")
def mortal() -> Iterator[Cluster]:
    """A PostgreSQL that may be killed."""
    with contextlib.closing(Cluster(durable=True)) as running:
        yield running


@pytest.fixture
async def cluster(tmp_path: Path, where: str) -> AsyncIterator[list[Node]]:
    """Three nodes."""
    async with nodes(tmp_path, where, 3, RATE_LIMIT="0") as running:
        yield running


@pytest.fixture
async def folk(cluster: list[Node]) -> AsyncIterator[Town]:
    """People, who register at the first."""
    async with town(cluster[0].url) as here:
        yield here
