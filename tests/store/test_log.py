"""The log: who missed what, which cursors it covers, and what is let go."""

from collections.abc import Iterator

import pytest

from backend.store import contacts, epochs, log, members, replay
from backend.store.engine.db import FOREVER, Db, OpenDb
from backend.store.engine.sqlite.db import SqliteDb, own_name
from backend.store.engine.sqlite.opening import open_file
from backend.store.log import Audience, Effect

ALICE, BOB, CAROL = 1, 2, 3
GROUP, OTHER = 1, 2


@pytest.fixture
def db(db: OpenDb) -> Iterator[OpenDb]:
    """The database in a transaction, as rows are only added in one."""
    with db.transaction():
        yield db


@pytest.fixture
def world(db: OpenDb) -> OpenDb:
    """Three people and two conversations, of which alice is in the first."""
    db.executemany(
        "INSERT INTO users (id, username, username_key, fullname, fullname_key, created_at,"
        " updated_at) VALUES (?, ?, ?, ?, ?, 0, 0)",
        [(id_, *([name] * 4)) for id_, name in ((ALICE, "alice"), (BOB, "bob"), (CAROL, "carol"))],
    )
    db.executemany(
        "INSERT INTO conversations (id, kind, name, named, created_by, created_at, updated_at,"
        " member_count) VALUES (?, 'group', 'x', 1, 2, 0, 0, 1)",
        [(GROUP,), (OTHER,)],
    )
    return db


def tell(db: Db, audience: Audience, target: int, skip: int | None = None) -> int:
    """A row of the log; gives its id."""
    return log.append(db, audience, target, "x", b"{}", skip_user=skip)


def tail(db: Db) -> list[log.LogRow]:
    """All there is, as it is delivered."""
    return [log.LogRow(*row) for row in db.execute(log.TAIL, (0,))]


def join(db: Db, user: int, conversation: int = GROUP) -> None:
    """Begin a stay with a row that is not there."""
    members.join(db, conversation, [user], joined_id=log.reserve(db), first_id=0, read=(0, 0))


def leave(db: Db, user: int, conversation: int = GROUP) -> int:
    """End a stay with a row that says so; gives its id."""
    left_id = log.reserve(db)
    members.end(db, conversation, user, left_id, 0)
    return log.append(db, Audience.CONVERSATION, conversation, "x", b"{}", log_id=left_id)


def test_rows_of_an_audience_are_missed_by_who_is_in_it(world: OpenDb) -> None:
    """Of one's conversations, of oneself, of one's contacts; nothing of the server's."""
    join(world, ALICE)
    contacts.add(world, ALICE, BOB)
    seen = [
        tell(world, Audience.CONVERSATION, GROUP),
        tell(world, Audience.USER, ALICE),
        tell(world, Audience.WATCHERS, BOB),
    ]
    for audience, target in (
        (Audience.CONVERSATION, OTHER), (Audience.USER, BOB), (Audience.WATCHERS, CAROL),
        (Audience.WATCHERS, ALICE), (Audience.SERVER, ALICE),
    ):  # fmt: skip
        tell(world, audience, target)
    assert replay.missed_ids(world, ALICE, 0, 100) == seen
    assert replay.missed_ids(world, ALICE, seen[0], 100) == seen[1:]
    assert replay.missed_ids(world, ALICE, 0, 2) == seen[:2]
    assert replay.missed_ids(world, ALICE, 0, FOREVER) == seen
    assert replay.missed_ids(world, ALICE, seen[2], 100) == []


def test_a_stay_ends_with_the_row_that_ends_it(world: OpenDb) -> None:
    """Both ends are seen; before, between and after two stays nothing is."""
    tell(world, Audience.CONVERSATION, GROUP)
    seen = []
    for _ in range(2):
        join(world, ALICE)
        seen += [tell(world, Audience.CONVERSATION, GROUP) for _ in range(2)]
        seen.append(leave(world, ALICE))
        tell(world, Audience.CONVERSATION, GROUP)
    assert replay.missed_ids(world, ALICE, 0, 100) == seen


def test_who_is_left_out_of_a_row_misses_nothing(world: OpenDb) -> None:
    """`skip_user` is for who has a row of their own."""
    join(world, ALICE)
    join(world, BOB)
    row = tell(world, Audience.CONVERSATION, GROUP, skip=ALICE)
    assert replay.missed_ids(world, ALICE, 0, 100) == []
    assert replay.missed_ids(world, BOB, 0, 100) == [row]


def test_rows_are_read_until_a_page_is_full(db: Db) -> None:
    """At least one; those that are gone are passed over."""
    ids = [log.append(db, Audience.USER, 1, "x", b"x" * 100) for _ in range(5)]
    db.execute("DELETE FROM log WHERE id = ?", (ids[1],))
    assert [row.id for row in replay.read_rows(db, ALICE, ids, 1)] == ids[:1]
    assert [row.id for row in replay.read_rows(db, ALICE, ids, 250)] == [ids[0], ids[2], ids[3]]
    assert [row.id for row in replay.read_rows(db, ALICE, ids, 10**6)] == [ids[0], *ids[2:]]


@pytest.mark.parametrize("few", [1, 3, 5, 6, 100])
def test_what_was_missed_comes_with_its_first_page(
    db: Db, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is little or much: the ids, at most so many, and rows until the page is full."""
    monkeypatch.setattr(replay, "FEW", few)
    ids = [log.append(db, Audience.USER, ALICE, "x", b"x" * 100) for _ in range(5)]
    for after, limit in ((0, 100), (0, 3), (ids[1], FOREVER), (ids[-1], 100)):
        for size in (1, 250, 10**6):
            missed, page = replay.missed(db, ALICE, after, limit, size)
            assert missed == replay.missed_ids(db, ALICE, after, limit)
            assert page == replay.read_rows(db, ALICE, missed[: len(page)], size)
            assert bool(page) == bool(missed)
    assert len(replay.missed(db, ALICE, 0, 100, 250)[1]) == min(few, 3)


def test_ids_are_never_given_out_again(db: Db) -> None:
    """Also when the newest row was removed; `head` knows of it."""
    newest = [tell(db, Audience.USER, 1) for _ in range(3)][-1]
    db.execute("DELETE FROM log")
    assert log.head(db) == newest
    assert tell(db, Audience.USER, 1) == newest + 1


@pytest.mark.sqlite  # where each start is a run of its own
def test_a_position_is_covered_by_its_epoch(db: Db) -> None:
    """Up to the start of the next one; the newest up to the end of the log."""
    first = epochs.start_epoch(db)
    for _ in range(10):
        tell(db, Audience.USER, 1)
    assert epochs.start_epoch(db) == first
    own_name.cache_clear()  # as another process
    second = epochs.start_epoch(db)
    tell(db, Audience.USER, 1)
    assert first != second
    assert epochs.covers(db, first, 10)
    assert not epochs.covers(db, first, 11)
    assert epochs.covers(db, second, 11)
    assert not epochs.covers(db, second, 12)
    assert not epochs.covers(db, "0000000000", 1)


@pytest.mark.sqlite
def test_a_copy_that_went_its_own_way_does_not_cover_the_original(db: SqliteDb) -> None:
    """What the original came to after the copy was made is refused by the copy, and for ever."""
    epoch = epochs.start_epoch(db)
    tell(db, Audience.USER, 1)
    db.commit()
    copy = open_file(":memory:")
    db.backup(copy)
    db.begin()
    copy.begin()
    last = [tell(db, Audience.USER, 1) for _ in range(5)][-1]
    own_name.cache_clear()
    epochs.start_epoch(copy)
    for _ in range(10):
        tell(copy, Audience.USER, 1)
    assert epochs.covers(db, epoch, last)
    assert epochs.covers(copy, epoch, 1)
    assert not epochs.covers(copy, epoch, last)
    copy.close()


def test_old_rows_are_let_go_but_never_the_newest(db: Db) -> None:
    """The floor tells which cursors are too old."""
    ids = [tell(db, Audience.USER, 1) for _ in range(10)]
    db.execute("UPDATE log SET created_at = id")
    assert log.floor(db) == 0
    assert log.trim(db, 5, 100) == 4
    assert log.floor(db) == ids[3]
    assert log.trim(db, 5, 100) == 0
    assert log.trim(db, FOREVER, 2) == 2
    assert log.trim(db, FOREVER, 100) == 3
    assert log.trim(db, FOREVER, 100) == 0
    assert [row.id for row in tail(db)] == ids[-1:]
    assert log.floor(db) == ids[-2]


def test_a_message_is_rewritten_in_every_row_that_carries_it(db: Db) -> None:
    """And in no other."""
    for message_id in (7, 8, 7, None):
        log.append(db, Audience.USER, 1, "x", b"old", message_id=message_id)
    log.rewrite(db, 7, b"new")
    assert [row.body for row in tail(db)] == [b"new", b"old", b"new", b"old"]


def test_effects_are_read_as_they_were_written(db: Db) -> None:
    """Whatever is in them."""
    effects = [
        Effect(join=(1, 2)), Effect(leave=(3,)), Effect(watchers=(1, 2)), Effect(strangers=(1, 2)),
        Effect(user=1, hide_presence=False), Effect(user=1, session=2, reason="x"),
        Effect(user=1, keep=3, expires_at=5),
    ]  # fmt: skip
    for effect in effects:
        log.append(db, Audience.SERVER, 1, "x", b"{}", effect=effect)
    assert [log.decode_effect(row.effect or b"") for row in tail(db)] == effects
