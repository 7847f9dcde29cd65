"""Group commit: what is written together, what fails alone, and what fails with all."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from backend.store import log
from backend.store.batch import Commit, Outcome, Settled, commit_batch
from backend.store.database import Database
from backend.store.engine import batch
from backend.store.engine.connection import Connection, open_database
from backend.store.engine.db import Db, OpenDb
from backend.store.engine.faults import DatabaseError, PostgresError, Unavailable, is_broken
from backend.store.log import Audience
from backend.store.writer import MAX_BATCH, Writer, settle

Write = Callable[[Db], Any]


def say(text: str) -> Write:
    """A write that adds a row to the log; gives its id."""
    return lambda db: log.append(db, Audience.USER, 1, text, b"{}")


def fail_after(work: Write, error: Exception) -> Write:
    """A write that changes something, then fails."""

    def run(db: Db) -> None:
        work(db)
        raise error

    return run


def bad_sql(db: Db) -> None:
    """A write that meets an error of SQLite's that is its own."""
    db.execute("INSERT INTO log (id) VALUES ('not an integer')")


def types_of(db: Db) -> list[str]:
    """What the log says."""
    return [row[0] for row in db.execute("SELECT type FROM log ORDER BY id")]


def run(db: OpenDb, *writes: Write) -> Commit:
    """Commit these as one batch."""
    works = [lambda db, write=write: Outcome(write(db)) for write in writes]
    return commit_batch(db, [(work, lambda settled, told: None) for work in works], 0)


def test_a_failing_write_leaves_its_neighbours(db: OpenDb) -> None:
    """Whether it failed before or after it had changed something, or by an error of SQLite's."""
    error = ValueError("no")
    commit = run(
        db, say("a"), fail_after(lambda db: None, error), say("b"), fail_after(say("x"), error),
        bad_sql, say("c"),
    )  # fmt: skip
    assert types_of(db) == ["a", "b", "c"]
    outcomes = [settled for _, settled in commit.settled]
    assert [settled.error for settled in outcomes[:4]] == [None, error, None, error]
    assert isinstance(outcomes[4].error, DatabaseError)
    assert [row.type for row in commit.rows] == ["a", "b", "c"]
    assert [row.id for row in commit.rows] == [outcomes[n].value for n in (0, 2, 5)]


def test_an_answer_knows_its_place_among_the_rows(db: OpenDb) -> None:
    """`last_id` is the newest row when the write had run."""
    commit = run(db, say("a"), lambda db: None, say("b"), fail_after(lambda db: None, ValueError()))
    first, second = (row.id for row in commit.rows)
    assert [settled.last_id for _, settled in commit.settled] == [first, first, second, second]
    assert commit.position == second


@pytest.mark.parametrize("broken", ["disk I/O error", "database or disk is full"])
def test_a_broken_database_fails_the_batch_as_a_whole(db: OpenDb, broken: str) -> None:
    """Nothing of it stays."""
    ours = sqlite3.OperationalError(broken)
    ours.sqlite_errorcode = sqlite3.SQLITE_FULL if "full" in broken else sqlite3.SQLITE_IOERR_WRITE
    error = ours if db.dialect == "sqlite" else PostgresError(broken, is_broken=True)
    with pytest.raises(DatabaseError, match=broken):
        run(db, say("a"), fail_after(say("b"), error), say("c"))
    assert types_of(db) == []
    assert not db.in_transaction


def test_which_errors_concern_the_whole_database() -> None:
    """Full, locked, damaged: yes. A constraint, or anything of Python's: no."""
    for code, broken in ((sqlite3.SQLITE_FULL, True), (sqlite3.SQLITE_IOERR_FSYNC, True),
                         (sqlite3.SQLITE_CORRUPT_INDEX, True), (sqlite3.SQLITE_CONSTRAINT, False),
                         (sqlite3.SQLITE_ERROR, False)):  # fmt: skip
        error = sqlite3.OperationalError("x")
        error.sqlite_errorcode = code
        assert is_broken(error) is broken
    assert not is_broken(ValueError())
    assert not is_broken(sqlite3.ProgrammingError("no code at all"))


async def test_a_batch_that_is_full_leaves_the_rest_to_the_next(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By how much it has stored, or by time; nothing is lost, and the order stays."""
    commits: list[Commit] = []

    def note(commit: Commit) -> None:
        commits.append(commit)
        settle(commit)

    database.writer.on_commit = note
    for limit in ("BATCH_BYTES", "BATCH_SECONDS"):
        monkeypatch.setattr(batch, limit, -1)
        first = await database.read(log.head)
        ids = await asyncio.gather(*(database.write(say(str(n))) for n in range(5)))
        assert ids == list(range(first + 1, first + 6))
        assert [len(each.settled) for each in commits[-5:]] == [1] * 5
        monkeypatch.undo()


async def test_writes_that_wait_are_committed_together(database: Database) -> None:
    """In order of arrival; what comes while a batch is written makes up the next one."""
    commits: list[Commit] = []

    def note(commit: Commit) -> None:
        commits.append(commit)
        settle(commit)

    database.writer.on_commit = note
    ids = await asyncio.gather(*(database.write(say(str(n))) for n in range(MAX_BATCH + 100)))
    assert ids == sorted(ids)
    assert [row.type for commit in commits for row in commit.rows] == [
        str(n) for n in range(MAX_BATCH + 100)
    ]
    assert 2 <= len(commits) <= 10  # by their number, or by the time they take
    assert await database.read(log.head) == ids[-1]


async def test_a_failing_commit_fails_everybody_in_it(path: str) -> None:
    """Each write hears of it, none is half there, and the next one passes once it is over."""
    database = await Database.open(path)
    blocker = open_database(path)
    impatient = {"sqlite": "PRAGMA busy_timeout = 50", "postgres": "SET lock_timeout = 50"}
    await database.writer._connection.run(lambda db: db.execute(impatient[db.dialect]))
    blocker.begin()
    asked = await asyncio.gather(
        *(database.write(say("lost")) for _ in range(3)), return_exceptions=True
    )
    assert [type(error) for error in asked] == [Unavailable] * 3
    assert "lock" in str(database.writer.failing)
    assert await database.read(types_of) == []
    blocker.rollback()
    blocker.close()
    await database.write(say("kept"))
    assert database.writer.failing is None
    assert await database.read(types_of) == ["kept"]
    await database.close()


async def test_a_write_that_nobody_waits_for_any_more_is_still_written(database: Database) -> None:
    """Its asker was cancelled; the batch is not."""
    asked = asyncio.ensure_future(database.write(say("a")))
    await asyncio.sleep(0)
    asked.cancel()
    await database.write(say("b"))
    assert await database.read(types_of) == ["a", "b"]


async def test_reads_see_one_state(database: Database, db: OpenDb) -> None:
    """A commit that comes in the middle of a read does not show in it."""
    await database.write(say("before"))

    def twice(reader: Db) -> tuple[list[str], list[str]]:
        first = types_of(reader)
        with db.transaction():
            log.append(db, Audience.USER, 1, "meanwhile", b"{}")
        return first, types_of(reader)

    assert await database.read(twice) == (["before"], ["before"])
    assert await database.read(types_of) == ["before", "meanwhile"]


async def test_a_read_that_fails_leaves_the_connection_well(database: Database) -> None:
    """Its error is raised as it is, and every reader goes on."""
    for _ in range(6):
        with pytest.raises(ZeroDivisionError):
            await database.read(lambda db: 1 // 0)
    for _ in range(6):
        assert await database.read(types_of) == []


async def test_what_another_process_commits_is_delivered(path: str) -> None:
    """Within a second, without anything else being written here."""
    database = await Database.open(path)
    rows: asyncio.Queue[str] = asyncio.Queue()

    def note(commit: Commit) -> None:
        settle(commit)
        for row in commit.rows:
            rows.put_nowait(row.type)

    database.writer.on_commit = note
    other = open_database(path)
    for text in ("first", "second"):
        with other.transaction():
            log.append(other, Audience.USER, 1, text, b"{}")
        async with asyncio.timeout(1):
            assert await rows.get() == text
    other.close()
    await database.close()


async def test_a_writer_goes_on_where_the_log_ended(path: str) -> None:
    """What was there before is not delivered again."""
    before = open_database(path)
    with before.transaction():
        log.append(before, Audience.USER, 1, "old", b"{}")
    before.close()
    connection = await Connection.open(path)
    writer = Writer(connection, await connection.run(log.head))
    commits: asyncio.Queue[Commit] = asyncio.Queue()
    writer.on_commit = commits.put_nowait
    settled: list[Settled[object]] = []
    writer.submit(lambda db: Outcome(say("new")(db)), lambda each, told: settled.append(each))
    task = asyncio.create_task(writer.run())
    async with asyncio.timeout(5):
        commit = await commits.get()
    task.cancel()
    await asyncio.wait([task])
    await connection.close()
    assert [row.type for row in commit.rows] == ["new"]
