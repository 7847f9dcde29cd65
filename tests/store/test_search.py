"""Messages are found by who may see them, soon after they are sent, and no more once deleted."""

import asyncio
import contextlib
import random
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.store import epochs, index_file, log, search
from backend.store.engine.connection import is_postgres, open_database
from backend.store.engine.db import FOREVER, Db, OpenDb
from backend.store.engine.sqlite.db import SqliteDb, own_name
from backend.store.indexer import BATCH, SearchIndex, fill
from backend.store.search import Hits, Query, find
from backend.store.tokens import query_tokens
from tests.support import engine

ALICE, BOB, CAROL = 1, 2, 3


class Chat:
    """A database with three people, written to as the handlers do, and a reader that searches."""

    def __init__(self, folder: Path) -> None:
        self.path = engine.migrated(folder)
        self.db = open_database(self.path)
        epochs.start_epoch(self.db)
        for id_, name in ((ALICE, "alice"), (BOB, "bob"), (CAROL, "carol")):
            self.db.execute(
                "INSERT INTO users (id, username, username_key, fullname, fullname_key, created_at,"
                " updated_at) VALUES (?, ?, ?, ?, ?, 0, 0)",
                (id_, *(name,) * 4),
            )

    def conversation(self, *members: int) -> int:
        """Start a group; gives its id."""
        id_ = self.greatest("conversations") + 1
        self.db.execute(
            "INSERT INTO conversations (id, kind, name, named, created_by, created_at, updated_at,"
            " member_count) VALUES (?, 'group', '', 0, 1, 0, 0, ?)",
            (id_, len(members)),
        )
        for member in members:
            self.join(id_, member)
        return id_

    def join(self, conversation: int, user: int) -> None:
        """Begin a stay that sees what is sent from now on."""
        self.db.execute(
            "INSERT INTO members (conversation_id, user_id, joined_id, first_id, role, joined_at,"
            " read_id, read_seq, delivered_id) VALUES (?, ?, ?, ?, 'member', 0, 0, 0, 0)",
            (conversation, user, log.head(self.db) + 1, self.greatest("messages") + 1),
        )
        self.log("add_members", conversation)

    def leave(self, conversation: int, user: int) -> None:
        """End the current stay."""
        self.db.execute(
            "UPDATE members SET left_id = ?, last_id = ? WHERE conversation_id = ? AND user_id = ?"
            " AND left_id = ?",
            (self.log("leave_conversation", conversation), self.greatest("messages"),
             conversation, user, FOREVER),
        )  # fmt: skip

    def send(self, conversation: int, content: str, sender: int = ALICE, sent_at: int = 0) -> int:
        """Send a message; gives its id."""
        id_ = self.greatest("messages") + 1
        self.db.execute(
            "INSERT INTO messages (id, conversation_id, seq, kind, sender_id, content, sent_at)"
            " VALUES (?, ?, 0, 'text', ?, ?, ?)",
            (id_, conversation, sender, content, sent_at * 1000),
        )
        self.log("send_message", conversation, id_)
        return id_

    def change(self, message: int, type_: str, content: str | None) -> None:
        """Edit a message, or delete it when there is no content."""
        self.db.execute(
            "UPDATE messages SET content = ?, deleted_at = ? WHERE id = ?",
            (content, 1 if content is None else None, message),
        )
        self.log(type_, 1, message)

    def log(self, type_: str, conversation: int, message: int | None = None) -> int:
        """Append a row; gives its id."""
        kind = log.Audience.CONVERSATION
        own = contextlib.nullcontext() if self.db.in_transaction else self.db.transaction()
        with own:
            return log.append(self.db, kind, conversation, type_, b"{}", message_id=message)

    def greatest(self, table: str) -> int:
        """Give the greatest id of a table."""
        return int(self.db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])

    def find(self, user: int, text: str, limit: int = 100, **more: int | bool) -> Hits:
        """Search as a user, on a connection of its own."""
        with self.reader() as reader:
            return find(reader, user, Query(query_tokens(text), limit, **more))  # type: ignore[arg-type]

    def ids(self, user: int, text: str, **more: int | bool) -> list[int]:
        """Search as a user; gives the messages."""
        return self.find(user, text, **more).ids

    @contextlib.contextmanager
    def reader(self) -> Iterator[Db]:
        """Open a connection that can search."""
        reader = open_database(self.path)
        try:
            index_file.attach(reader, self.path)
            yield reader
        finally:
            reader.close()


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    """A chat without messages."""
    chat = Chat(tmp_path)
    yield chat
    chat.db.close()


@pytest.fixture
async def index(chat: Chat) -> AsyncIterator[SearchIndex]:
    """The index of that chat; it follows only when told to."""
    index = await SearchIndex.open(chat.path)
    yield index
    await index.close()


async def test_messages_are_found_newest_first(chat: Chat, index: SearchIndex) -> None:
    """All words have to be there, in any order and case; the newest comes first."""
    room = chat.conversation(ALICE, BOB)
    first = chat.send(room, "Lunch on Friday?")
    second = chat.send(room, "friday is fine for LUNCH")
    chat.send(room, "lunch it is")
    await index.catch_up()
    assert chat.ids(BOB, "Friday lunch") == [second, first]


@pytest.mark.parametrize("asked", ["東", "東京", "京タ", "タワー"])
async def test_pieces_of_cjk_are_found(chat: Chat, index: SearchIndex, asked: str) -> None:
    """One and more characters of a run without spaces find it."""
    message = chat.send(chat.conversation(ALICE), "明日は東京タワーへ行く")
    await index.catch_up()
    assert chat.ids(ALICE, asked) == [message]


async def test_others_conversations_are_not_searched(chat: Chat, index: SearchIndex) -> None:
    """Only members find a message, whatever they ask for."""
    room = chat.conversation(ALICE, BOB)
    message = chat.send(room, "secret 7 plan")
    chat.conversation(CAROL)
    await index.catch_up()
    assert chat.ids(BOB, "secret") == [message]
    for text in ("secret", f"{room}xsecret", "plan", "7", "secret OR plan"):
        assert chat.ids(CAROL, text) == []
    assert chat.ids(CAROL, "secret", conversation_id=room) == []


async def test_ranks_do_not_depend_on_others(chat: Chat, index: SearchIndex) -> None:
    """What others write changes neither hits nor their order."""
    room = chat.conversation(ALICE)
    for text in ("tea tea", "tea and much more to say about it all", "tea"):
        chat.send(room, text)
    await index.catch_up()
    before = chat.ids(ALICE, "tea", ranked=True)
    other = chat.conversation(BOB)
    for _ in range(50):
        chat.send(other, "tea " * 100)
    await index.catch_up()
    assert chat.ids(ALICE, "tea", ranked=True) == before


async def test_the_best_comes_first(chat: Chat, index: SearchIndex) -> None:
    """With `ranked`, more of a word in a shorter text comes first."""
    room = chat.conversation(ALICE)
    best = chat.send(room, "tea, tea!")
    worst = chat.send(room, "tea " + "and other things " * 20)
    middle = chat.send(room, "a cup of tea")
    await index.catch_up()
    assert chat.ids(ALICE, "tea", ranked=True) == [best, middle, worst]
    assert chat.ids(ALICE, "tea", ranked=True, limit=1) == [best]


async def test_only_stays_are_searched(chat: Chat, index: SearchIndex) -> None:
    """What was said before joining, or between two stays, is not found; after leaving nothing."""
    room = chat.conversation(ALICE)
    said = []
    for act in (chat.join, chat.leave, chat.join):
        chat.send(room, "pear")
        act(room, BOB)
        said.append(chat.send(room, "apple"))
    await index.catch_up()
    assert chat.ids(BOB, "apple") == [said[2], said[0]]
    assert chat.ids(ALICE, "apple") == said[::-1]
    chat.leave(room, BOB)
    assert chat.ids(BOB, "apple") == []


async def test_filters(chat: Chat, index: SearchIndex) -> None:
    """Conversation, sender and dates narrow a search, together and alone."""
    one, two = chat.conversation(ALICE, BOB), chat.conversation(ALICE, BOB)
    a = chat.send(one, "hello", ALICE, sent_at=100)
    b = chat.send(one, "hello", BOB, sent_at=200)
    c = chat.send(two, "hello", BOB, sent_at=300)
    await index.catch_up()
    assert chat.ids(ALICE, "hello", conversation_id=one) == [b, a]
    assert chat.ids(ALICE, "hello", sender_id=BOB) == [c, b]
    assert chat.ids(ALICE, "hello", sender_id=CAROL) == []
    assert chat.ids(ALICE, "hello", since=200) == [c, b]
    assert chat.ids(ALICE, "hello", until=200) == [b, a]
    assert chat.ids(ALICE, "hello", since=200, until=200, sender_id=BOB) == [b]
    assert chat.ids(ALICE, "hello", since=301) == []


async def test_dates_hold_when_the_clock_was_set_back(chat: Chat, index: SearchIndex) -> None:
    """A later message with an earlier time is not given as one of the time asked for."""
    room = chat.conversation(ALICE)
    ids = [chat.send(room, "hello", sent_at=time) for time in (100, 200, 300, 150)]
    await index.catch_up()
    assert chat.ids(ALICE, "hello", since=200) == [ids[2], ids[1]]


async def test_a_sender_is_not_a_word(chat: Chat, index: SearchIndex) -> None:
    """No text looks like a sender to the index."""
    room = chat.conversation(ALICE, BOB)
    chat.send(room, f"{room}y{BOB} y{BOB} hello", ALICE)
    await index.catch_up()
    assert chat.ids(ALICE, "hello", sender_id=BOB) == []


async def test_pages_meet(chat: Chat, index: SearchIndex) -> None:
    """Following `next` gives every hit once."""
    room = chat.conversation(ALICE)
    sent = [chat.send(room, "again") for _ in range(7)]
    await index.catch_up()
    found: list[int] = []
    page = chat.find(ALICE, "again", limit=3)
    while page.next is not None:
        found += page.ids
        page = chat.find(ALICE, "again", limit=3, before=page.next)
    assert found + page.ids == sent[::-1]


async def test_a_search_that_examined_enough_can_go_on(
    chat: Chat, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When too many hits cannot be seen, the page ends early and says where to go on."""
    monkeypatch.setattr(search, "MAX_EXAMINED", 5)
    room = chat.conversation(ALICE, BOB)
    seen = chat.send(room, "word")
    chat.leave(room, BOB)
    hidden = [chat.send(room, "word") for _ in range(8)]
    chat.join(room, BOB)
    await index.catch_up()
    first = chat.find(BOB, "word")
    assert first == Hits([], hidden[3])
    assert chat.find(BOB, "word", before=hidden[3]) == Hits([seen], None)


@pytest.mark.sqlite
@pytest.mark.parametrize("asked", ["people", "peop"])
async def test_a_common_word_is_not_gathered_from_all_messages(
    chat: Chat, index: SearchIndex, asked: str
) -> None:
    """Nor is its beginning: only where there are fewer than were asked for, and one more.

    That one tells whether there are more.
    """
    room = chat.conversation(ALICE)
    sent = [chat.send(room, "people speak") for _ in range(30)]
    await index.catch_up()
    with chat.reader() as reader:
        assert isinstance(reader, SqliteDb)
        statements: list[str] = []
        reader.set_trace_callback(statements.append)
        for limit, gathers in ((29, False), (30, True)):
            statements.clear()
            assert find(reader, ALICE, Query([asked], limit)).ids == sent[: -limit - 1 : -1]
            assert any('"*' in each for each in statements) is gathers


@pytest.mark.sqlite
async def test_what_is_read_one_by_one_is_what_the_index_finds(
    chat: Chat, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words and their beginnings, by sender, time and place, among what one may see."""
    chance = random.Random(7)
    rooms = [chat.conversation(ALICE, BOB), chat.conversation(ALICE, BOB), chat.conversation(BOB)]
    words = ["pea", "pear", "pearl", "pe", "東京", "Äpfel", "no_one", "x1"]
    with chat.db.transaction():
        for number in range(400):
            if number == 150:
                chat.leave(rooms[0], ALICE)
            if number == 200:
                chat.join(rooms[0], ALICE)
            text = " ".join(chance.choices(words, k=3))
            sent = chat.send(chance.choice(rooms), text, chance.choice([ALICE, BOB]), number)
            if chance.random() < 0.1:
                chat.change(sent, "delete_message", None)
    await index.catch_up()
    queries = [
        Query(
            [token for word in chance.choices(words, k=chance.randint(1, 2))
             for token in query_tokens(word)],
            chance.randint(1, 20),
            chance.choice([None, None, *rooms]),
            chance.choice([None, None, ALICE, BOB]),
            chance.choice([None, None, 100]),
            chance.choice([None, None, 350]),
            chance.choice([None, None, 300]),
            chance.random() < 0.2,
        )
        for _ in range(300)
    ]  # fmt: skip
    with chat.reader() as reader:
        monkeypatch.setattr(search, "GLANCE", 100)
        near = [find(reader, ALICE, query) for query in queries]
        monkeypatch.setattr(search, "_near", lambda *_: None)
        assert near == [find(reader, ALICE, query) for query in queries]


async def test_hundreds_of_conversations(chat: Chat, index: SearchIndex) -> None:
    """A user with very many conversations finds in all of them, in order."""
    with chat.db.transaction():
        sent = [chat.send(chat.conversation(ALICE), "needle in hay") for _ in range(700)]
    await index.catch_up()
    assert chat.ids(ALICE, "hay needle", limit=1000) == sent[::-1]


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
    with contextlib.closing(_filling(chat.path)) as db:
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


def _filling(where: str) -> OpenDb:
    """A connection that fills the index."""
    if is_postgres(where):
        return open_database(where)
    indexing = open_database(index_file.index_path(where))
    index_file._prepare(indexing, where)
    return indexing


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], list[int]]]:
    """A search as Alice, on a chat that has one message for every text it was asked to send."""
    chat = Chat(tmp_path_factory.mktemp("asked"))
    room, other = chat.conversation(ALICE), chat.conversation(BOB)
    indexing = _filling(chat.path)
    with chat.reader() as reader:

        def ask(text: str) -> list[int]:
            mine = chat.send(room, text)
            chat.send(other, text)
            while fill(indexing):
                pass
            for word in text.split():
                tokens = query_tokens(word)
                found = find(reader, ALICE, Query(tokens, 1)).ids
                assert found == ([mine] if tokens else [])
            return find(reader, ALICE, Query(query_tokens(text), 100)).ids

        yield ask
    indexing.close()
    chat.db.close()


@settings(max_examples=60, deadline=None)
@given(text=st.text(min_size=1) | st.text(alphabet="\"'*^()-+:{}[]ANDORNEAT 東京xy1", min_size=1))
def test_any_text_can_be_searched_for(asked: Callable[[str], list[int]], text: str) -> None:
    """No text is an error, each of its words finds it, and nobody else's copy is found."""
    assert all(id_ % 2 == 1 for id_ in asked(text.replace("\0", "")))


def file_bytes(path: str) -> bytes:
    """Give what is in the index's files."""
    parts = Path(path).parent.glob(Path(path).name + ".search*")
    return b"".join(part.read_bytes() for part in parts)
