"""The PostgreSQL of the tests keeps what was committed, and leaves nothing behind."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import ROOT
from tests.support.postgres import Cluster, Postgres

HOLD = "from tests.support.postgres import Cluster; print(Cluster().folder, flush=True); input()"
pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """One that may be killed."""
    with contextlib.closing(Cluster(durable=True)) as running:
        yield running


def test_a_killed_one_comes_back_with_what_was_committed(cluster: Cluster) -> None:
    with contextlib.closing(Postgres(cluster.admin, "parley")) as databases:
        url = databases.create()
    with psycopg.connect(url) as db:
        db.execute("CREATE TABLE kept (number integer)")
        db.execute("INSERT INTO kept VALUES (7)")
        db.commit()
        db.execute("INSERT INTO kept VALUES (8)")
        cluster.restart()
        with pytest.raises(psycopg.OperationalError):
            db.commit()
    with psycopg.connect(url) as db:
        assert db.execute("SELECT number FROM kept").fetchall() == [(7,)]


def test_a_frozen_one_answers_once_it_is_thawed(cluster: Cluster) -> None:
    with psycopg.connect(cluster.admin) as db:
        cluster.freeze()
        answered = threading.Thread(target=lambda: db.execute("SELECT 1"))
        answered.start()
        answered.join(0.1)
        assert answered.is_alive()
        cluster.thaw()
        answered.join(20)
        assert not answered.is_alive()


def test_it_ends_with_the_tests_also_when_they_are_killed() -> None:
    command = [sys.executable, "-c", HOLD]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout is not None
        folder = Path(tests.stdout.readline().strip())
        tests.kill()
    deadline = time.monotonic() + 20
    while folder.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_databases_are_like_their_template_and_apart(postgres: Postgres) -> None:
    def fill(url: str) -> None:
        with psycopg.connect(url) as db:
            db.execute("CREATE TABLE filled (number integer)")

    template = postgres.template(fill)
    one, other = postgres.create(template), postgres.create(template)
    with psycopg.connect(one) as db:
        db.execute("INSERT INTO filled VALUES (1)")
    with contextlib.closing(psycopg.connect(other)) as db:
        assert db.execute("SELECT * FROM filled").fetchall() == []
        assert postgres.disconnect(other) == 1
        with pytest.raises(psycopg.OperationalError):
            db.execute("SELECT 1")
    with contextlib.closing(psycopg.connect(one)):
        postgres.drop(one)
    postgres.drop(other)
