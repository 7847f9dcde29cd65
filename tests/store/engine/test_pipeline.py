"""Statements go to PostgreSQL in one message, and what they give comes in one answer."""

import contextlib
from collections.abc import Iterator

import psycopg
import pytest

from backend.store.engine.postgres.opening import connect
from backend.store.engine.postgres.pipeline import Pipeline
from tests.support.postgres import Postgres

ECHO = "SELECT CAST($1 AS text)"


@pytest.fixture
def pipeline(postgres: Postgres) -> Iterator[Pipeline]:
    """On a connection of its own."""
    with contextlib.closing(connect(postgres.create())) as connection:
        yield Pipeline(connection)


def test_values_come_back_as_they_were_given(pipeline: Pipeline) -> None:
    """Of truth there is 1 and 0, as on SQLite; columns have their names."""
    asked = "SELECT CAST($1 AS bigint) AS n, CAST($2 AS text) AS t, CAST($3 AS bytea), $4 = '1'"
    values = (2**53 - 1, "a\\b'ü", b"\0\xff'")
    for truth in (True, None):
        (found,) = pipeline.run([(asked, (*values, truth))])
        assert [name for (name,) in found.description][:2] == ["n", "t"]
        assert found.fetchall() == [(*values, truth and 1)]


def test_much_goes_and_comes_at_once(pipeline: Pipeline) -> None:
    """Nobody waits for the other to read first: more than all buffers between them hold."""
    texts = [f"{number}" * 2000 for number in range(2000)]
    found = pipeline.run((ECHO, [text]) for text in texts)
    assert [each.fetchone() for each in found] == [(text,) for text in texts]


def test_the_first_that_fails_ends_the_rest(pipeline: Pipeline) -> None:
    """What stood behind it is not known to PostgreSQL yet, and is told again."""
    with pytest.raises(psycopg.errors.DivisionByZero):
        pipeline.run([(ECHO, "1"), ("SELECT 1 / CAST($1 AS bigint)", "0"), ("SELECT 2", ())])
    found = pipeline.run([("SELECT 3", ()), ("SELECT 2", ()), (ECHO, "1")])
    assert [each.fetchall() for each in found] == [[(3,)], [(2,)], [("1",)]]


def test_a_text_that_postgres_cannot_hold_is_refused_here(pipeline: Pipeline) -> None:
    """It would end at its U+0000; what stands beside it is not sent."""
    with pytest.raises(psycopg.DataError):
        pipeline.run([(ECHO, "a"), (ECHO, ["a\0b"])])
    assert pipeline.run([(ECHO, "b")])[0].fetchall() == [("b",)]
