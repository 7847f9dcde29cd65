"""What the writes of a batch look up is read once, and what they write is written together."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from backend.store.engine.batch import Failed, run_batch
from backend.store.engine.connection import open_database
from backend.store.engine.db import Db, OpenDb
from backend.store.engine.rows import Asked, Insert, Lookup, Update

FACT = Lookup("SELECT value FROM facts WHERE name = {0}", ("text",))
ADD = Insert("facts", {"name": "text", "value": "bigint"}, known_by=("name",))
SET = Update("facts", {"value": "bigint", "name": "text"}, known_by=("name",))
FACTS = ("SELECT name, value FROM facts WHERE name LIKE 'my %' ORDER BY name", ())

Write = Callable[[Db], object]


@pytest.fixture
def other(path: str) -> Iterator[OpenDb]:
    """The connection of another process."""
    with closing(open_database(path)) as opened:
        yield opened


def add(name: str, value: int) -> Write:
    """A write of a new fact."""
    return lambda db: db.later(ADD, (f"my {name}", value))


def raise_by(name: str, by: int) -> Write:
    """A write that looks a fact up, and changes it by that."""

    def write(db: Db) -> int:
        key = f"my {name}"
        changed, new = db.written(SET, key), db.written(ADD, key)
        value: int = changed[0] if changed else new[1] if new else db.look_up(FACT, key)[0][0]
        db.later(SET, (value + by, key))
        return value + by

    return write


def refused(db: Db) -> None:
    """A write that reads and is refused."""
    assert db.execute("SELECT 1").fetchone() == (1,)
    raise ValueError


def run(db: OpenDb, *writes: Write) -> tuple[list[object], list[tuple[str, int]]]:
    """What a batch gives, and the facts that are there at its end."""
    ahead = [Asked(FACT, (f"my {name}",)) for name in "ab"]
    ran = run_batch(db, writes, lambda db: None, lambda: FACTS, lambda: ahead)
    return ran.results, ran.last


def test_of_many_changes_of_a_row_each_sees_the_one_before(db: OpenDb) -> None:
    """In the batch that has made the row, and in the next."""
    assert run(db, add("a", 1), raise_by("a", 1), raise_by("a", 2))[1] == [("my a", 4)]
    results, facts = run(db, raise_by("a", 1), raise_by("a", 1))
    assert results == [5, 6]
    assert facts == [("my a", 6)]


def test_a_row_is_changed_in_the_batch_that_makes_it(db: OpenDb) -> None:
    """Also when another that was there before is changed first."""
    run(db, add("a", 1))
    facts = run(db, raise_by("a", 1), add("b", 1), raise_by("b", 5))[1]
    assert facts == [("my a", 2), ("my b", 6)]


def test_what_a_statement_changes_is_looked_up_anew(db: OpenDb) -> None:
    """It stands after what was to be written before it, and nothing older is known any more."""
    run(db, add("a", 1))

    def reset(db: Db) -> None:
        db.execute("UPDATE facts SET value = value + 100 WHERE name = 'my a'")

    results, facts = run(db, raise_by("a", 1), reset, raise_by("a", 1))
    assert results == [2, None, 103]
    assert facts == [("my a", 103)]


def test_a_row_that_cannot_be_written_fails_its_write_alone(db: OpenDb) -> None:
    """Its neighbours stay, whether they wait before it or after."""
    run(db, add("a", 1))
    results, facts = run(db, add("b", 2), add("a", 3), add("c", 4))
    assert isinstance(results[1], Failed)
    assert facts == [("my a", 1), ("my b", 2), ("my c", 4)]


def test_a_refusal_leaves_what_waits_of_others(db: OpenDb) -> None:
    """A read lets it be written, which is no change of who reads."""
    count = 0

    def counting(db: Db) -> None:
        nonlocal count
        count += 1
        db.later(ADD, ("my a", count))

    results, facts = run(db, counting, refused, raise_by("a", 1), refused)
    assert [isinstance(result, Failed) for result in results] == [False, True, False, True]
    assert facts == [("my a", 2)]
    assert count == 1  # the batch was not run anew


def test_what_another_has_written_is_looked_up_in_the_next_batch(db: OpenDb, other: OpenDb) -> None:
    """Nothing is known from one batch to the next."""
    run(db, add("a", 1), raise_by("a", 1))
    with other.transaction():
        other.execute("UPDATE facts SET value = 50 WHERE name = 'my a'")
    assert run(db, raise_by("a", 1))[0] == [51]
