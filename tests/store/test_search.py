"""Messages are found by who may see them, and by nobody else."""

import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.store import search
from backend.store.engine.sqlite.db import SqliteDb
from backend.store.indexer import SearchIndex, fill
from backend.store.search import Hits, Query, find
from backend.store.tokens import query_tokens
from tests.store.chat import ALICE, BOB, CAROL, Chat, filling


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


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], list[int]]]:
    """A search as Alice, on a chat that has one message for every text it was asked to send."""
    chat = Chat(tmp_path_factory.mktemp("asked"))
    room, other = chat.conversation(ALICE), chat.conversation(BOB)
    indexing = filling(chat.path)
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
