"""The index follows what is written: edited, deleted, purged, and made anew when it has to be."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest

from backend.store import epochs, index_file, log
from backend.store.engine.sqlite.db import SqliteDb, own_name
from backend.store.indexer import BATCH, SearchIndex, fill
from tests.store.chat import ALICE, Chat, filling


async def test_edits_and_deletions_are_followed(chat: Chat, index: SearchIndex) -> None:
    """An edited message is found by its new words; a deleted one by none, even before the index
    has heard of it."""
    room = chat.conversation(ALICE)
    message = chat.send(room, "before")
    await index.catch_up()
    chat.change(message, "edit_message", "after")
    await index.catch_up()
    assert (chat.ids(ALICE, "before"), chat.ids(ALICE, "after")) == ([], [message])
    chat.change(message, "delete_message", None)
    assert chat.ids(ALICE, "after") == []
    await index.catch_up()
    with chat.reader() as reader:
        assert reader.execute("SELECT count(*) FROM words").fetchone() == (0,)


@pytest.mark.sqlite
async def test_purged_words_leave_the_files(chat: Chat, index: SearchIndex) -> None:
    """After a purge no byte of a deleted message's words is in the index's files."""
    room = chat.conversation(ALICE)
    doomed = [chat.send(room, f"Xylophone{i} quicksilver") for i in range(3)]
    for i in range(200):
        chat.send(room, f"harmless {i}")
        if i % 40 == 0:
            await index.catch_up()
    await index.catch_up()
    assert b"quicksilver" in file_bytes(chat.path)
    for message in doomed:
        chat.change(message, "delete_message", None)
    await index.catch_up()
    assert await index.purge()
    assert b"quicksilver" not in file_bytes(chat.path)
    assert b"xylophone" not in file_bytes(chat.path)
    assert len(chat.ids(ALICE, "harmless", limit=500)) == 200
    assert await index.purge()


@pytest.mark.sqlite
async def test_a_reader_in_the_way_delays_the_purge(
    chat: Chat, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a snapshot holds the old pages a purge says that it is not done; later it is."""
    monkeypatch.setattr(index_file, "PURGE_MS", 50)
    message = chat.send(chat.conversation(ALICE), "quicksilver")
    await index.catch_up()
    with chat.reader() as reader:
        reader.execute("PRAGMA busy_timeout = 0")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM words").fetchall()
        chat.change(message, "delete_message", None)
        await index.catch_up()
        await index._connection.run(lambda db: db.execute("PRAGMA busy_timeout = 0"))
        assert not await index.purge()
    assert await index.purge()
    assert b"quicksilver" not in file_bytes(chat.path)


async def test_it_follows_by_itself(chat: Chat, index: SearchIndex) -> None:
    """While it runs, a new message is found within a moment."""
    task = asyncio.create_task(index.run())
    message = chat.send(chat.conversation(ALICE), "hello")
    async with asyncio.timeout(10):
        while chat.ids(ALICE, "hello") != [message]:  # noqa: ASYNC110  (it tells nobody)
            await asyncio.sleep(0.02)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_it_goes_on_where_it_was(chat: Chat, index: SearchIndex) -> None:
    """Closed in the middle and opened again, it goes on from the position it had reached."""
    room = chat.conversation(ALICE)
    with chat.db.transaction():
        sent = [chat.send(room, "hello") for _ in range(BATCH + 10)]
    await index._connection.run(fill)
    again = await SearchIndex.open(chat.path)
    own_name.cache_clear()  # as another process
    epochs.start_epoch(chat.db)
    await again.catch_up()
    assert len(chat.ids(ALICE, "hello", limit=1000)) == len(sent)
    await again.close()


@pytest.mark.sqlite
@pytest.mark.parametrize("harm", ["missing", "garbage"])
async def test_a_lost_index_is_made_anew(chat: Chat, harm: str) -> None:
    """Without its file, or with a damaged one, the index is filled from the messages."""
    room = chat.conversation(ALICE)
    with chat.db.transaction():
        sent = [chat.send(room, "hello") for _ in range(BATCH + 10)]
    chat.change(sent[0], "delete_message", None)
    if harm == "garbage":
        Path(index_file.index_path(chat.path)).write_bytes(b"no database" * 1000)
    index = await SearchIndex.open(chat.path)
    await index.catch_up()
    assert chat.ids(ALICE, "hello", limit=1000) == sent[:0:-1]
    await index.close()


@pytest.mark.sqlite
async def test_a_restored_copy_is_noticed(chat: Chat, index: SearchIndex) -> None:
    """When the database is an older copy that went on by itself, the index is made anew."""
    room = chat.conversation(ALICE)
    chat.send(room, "kept")
    copy = sqlite3.connect(chat.path + ".copy")
    assert isinstance(chat.db, SqliteDb)
    chat.db.backup(copy)
    chat.send(room, "lost")
    await index.catch_up()
    await index.close()
    copy.backup(chat.db)
    copy.close()
    own_name.cache_clear()
    epochs.start_epoch(chat.db)
    other = chat.send(room, "other")
    again = await SearchIndex.open(chat.path)
    await again.catch_up()
    assert chat.ids(ALICE, "lost") == []
    assert chat.ids(ALICE, "other") == [other]
    assert len(chat.ids(ALICE, "kept")) == 1
    await again.close()


async def test_a_trimmed_log_is_noticed(chat: Chat, index: SearchIndex) -> None:
    """When the log no longer reaches back to where the index was, it is made anew."""
    room = chat.conversation(ALICE)
    await index.catch_up()
    missed = chat.send(room, "missed")
    for _ in range(3):
        chat.log("typing", room)
    log.trim(chat.db, log.now_ms() + 1, 3)
    assert log.floor(chat.db) > 1
    await index.catch_up()
    assert chat.ids(ALICE, "missed") == [missed]


@pytest.mark.parametrize(
    ("version", "stays"),
    [("3/99.0.0", True), ("3/9.0.0", False), ("2/99.0.0", False), ("4/99.0.0", False)],
)
async def test_only_older_data_of_unicode_make_it_anew(
    chat: Chat, index: SearchIndex, version: str, stays: bool
) -> None:
    """Nodes with different Pythons do not begin it anew after each other; other words do."""
    chat.send(chat.conversation(ALICE), "before")
    await index.catch_up()
    with contextlib.closing(filling(chat.path)) as db:
        db.execute("UPDATE filled SET version = ?", (version,))
        db.execute("DELETE FROM words")
    later = chat.send(chat.conversation(ALICE), "later")
    await index.catch_up()
    assert chat.ids(ALICE, "later") == [later]
    assert bool(chat.ids(ALICE, "before")) is not stays
    assert ((await index.filled()).version == version) is stays


async def test_the_writer_is_not_locked_out(chat: Chat, index: SearchIndex) -> None:
    """The index reads the database while somebody else is in the middle of writing it."""
    message = chat.send(chat.conversation(ALICE), "hello")
    with chat.db.transaction():
        await index.catch_up()
    assert chat.ids(ALICE, "hello") == [message]


def file_bytes(path: str) -> bytes:
    """Give what is in the index's files."""
    parts = Path(path).parent.glob(Path(path).name + ".search*")
    return b"".join(part.read_bytes() for part in parts)
