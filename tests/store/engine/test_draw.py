"""Ids are drawn densely in the order of commits, whatever is refused, spoiled or written beside."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from backend.store.engine.batch import Failed, run_batch
from backend.store.engine.connection import open_database
from backend.store.engine.db import Db, OpenDb
from backend.store.engine.faults import DatabaseError

Write = Callable[[Db], int]
NOTHING = ("SELECT 1", ())


@pytest.fixture
def other(path: str) -> Iterator[OpenDb]:
    """The connection of another process."""
    with closing(open_database(path)) as opened:
        yield opened


def draw(db: Db) -> int:
    """A write that draws an id and keeps it."""
    return db.draw("things")


def refused(db: Db) -> int:
    """A write that is refused after it has drawn."""
    db.draw("things")
    raise ValueError


def spoiled(db: Db) -> int:
    """A write that fails after it has drawn and changed something."""
    db.execute("INSERT INTO facts (name, value) VALUES ('spoiled', ?)", (db.draw("things"),))
    raise ValueError


def ids(db: OpenDb, *writes: Write) -> list[int]:
    """What those that did not fail have drawn in one batch."""
    results, _ = run_batch(db, writes, lambda db: None, lambda: NOTHING)
    return [result for result in results if not isinstance(result, Failed)]


@pytest.mark.parametrize("failing", [refused, spoiled])
def test_a_write_that_fails_gives_back_what_it_drew(db: OpenDb, failing: Write) -> None:
    """Its neighbours' ids follow each other, in this batch and in the next."""
    assert ids(db, draw, failing, draw) == [1, 2]
    assert ids(db, failing) == []
    assert ids(db, draw) == [3]


def test_a_batch_that_fails_as_a_whole_gives_back_everything(db: OpenDb) -> None:
    """As after a commit that failed."""

    with pytest.raises(DatabaseError):
        run_batch(db, [draw, draw], lambda db: None, lambda: ("SELECT nothing", ()))
    assert db.newest("things") == 0
    assert ids(db, draw) == [1]


def test_processes_draw_from_the_same_counter(db: OpenDb, other: OpenDb) -> None:
    """What another drew in between is not drawn again, and is the newest here too."""
    assert ids(db, draw) == [1]
    assert ids(other, draw, draw) == [2, 3]
    assert db.newest("things") == 3
    assert ids(db, draw) == [4]


def test_the_newest_is_known_at_once_and_to_others_once_committed(
    db: OpenDb, other: OpenDb
) -> None:
    """Within the transaction it is what was drawn; outside, what is on disk."""
    with db.transaction():
        assert db.newest("things") == 0
        assert (db.draw("things"), db.newest("things")) == (1, 1)
        assert (db.draw("others"), db.newest("things")) == (1, 1)
        assert other.newest("things") == 0
    assert other.newest("things") == 1


def test_ids_are_drawn_in_transactions_only(db: OpenDb) -> None:
    """Elsewhere somebody else's would be the same."""
    with pytest.raises(RuntimeError, match="'things' was drawn outside a transaction"):
        db.draw("things")
