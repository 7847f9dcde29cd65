"""A batch of hot requests costs PostgreSQL two round trips, however many they are."""

import contextlib
import json
from collections.abc import Callable, Iterator

import pytest

from backend.handlers.table import HANDLERS
from backend.protocol.base import Request
from backend.protocol.conversations import CreateConversation
from backend.protocol.marks import MarkDelivered, MarkRead
from backend.protocol.messages import EditMessage, SendMessage
from backend.protocol.reactions import AddReaction
from backend.settings import Settings, limits_of
from backend.store import accounts, conversations, log
from backend.store.accounts import NewAccount
from backend.store.batch import Commit, Outcome, commit_batch
from backend.store.engine.batch import run_batch
from backend.store.engine.connection import open_database
from backend.store.engine.db import Db, OpenDb
from backend.store.engine.faults import LostError, PostgresError, is_broken
from backend.store.engine.postgres import db
from backend.store.migrations import migrate_up
from backend.views.viewer import Viewer
from tests.store.engine.turns import Turns
from tests.support.postgres import Postgres

LIMITS = limits_of(Settings())


class Alone:
    """A presence in which nobody is online."""

    def is_online(self, user_id: int) -> bool:
        """No."""
        return False


class House:
    """Two people in a conversation, whose requests are committed in batches."""

    def __init__(self, db: OpenDb, turns: Turns) -> None:
        self.db = db
        self.turns = turns
        with db.transaction():
            ids = [accounts.create(db, NewAccount(name, name)) for name in ("alice", "bob")]
        self.alice, self.bob = (
            Viewer(id_, name, 1, Alone(), LIMITS)
            for id_, name in zip(ids, ("alice", "bob"), strict=True)
        )
        self.position = 0
        self.batch(self.alice, CreateConversation(members=["bob"], kind="direct"))
        with db.snapshot():
            (self.room,) = conversations.ids_of_user(db, self.alice.id)

    def batch(self, me: Viewer, *requests: Request) -> tuple[Commit, int]:
        """Commit requests in one batch; gives how often PostgreSQL was asked for it."""
        return self.mixed(*((me, request) for request in requests))

    def mixed(self, *asked: tuple[Viewer, Request]) -> tuple[Commit, int]:
        """The same for requests of several people."""
        before = self.turns.count

        def work(me: Viewer, request: Request) -> Callable[[Db], Outcome[object]]:
            def run(db: Db) -> Outcome[object]:
                answer = HANDLERS[type(request)].run(db, me, request)  # type: ignore[call-arg, arg-type]
                return Outcome(answer, answer.log_id)

            return run

        works = [(work(*each), lambda settled, told: None) for each in asked]
        commit = commit_batch(self.db, works, self.position, ahead=lambda: [
            found
            for me, request in asked
            for found in HANDLERS[type(request)].ahead(me, request)  # type: ignore[union-attr]
        ])  # fmt: skip
        assert [settled.error for _, settled in commit.settled] == [None] * len(asked)
        self.position = commit.position
        return commit, self.turns.count - before


@pytest.fixture
def house(postgres: Postgres) -> Iterator[House]:
    """On a PostgreSQL that is asked through something that counts."""
    where = postgres.create()
    with contextlib.closing(open_database(where)) as db:
        list(migrate_up(db))
    with (
        contextlib.closing(Turns(where)) as turns,
        contextlib.closing(open_database(turns.url)) as db,
    ):
        yield House(db, turns)


def sends(house: House, first: int, count: int) -> list[Request]:
    """So many messages, each with a name of the client's own."""
    return [
        SendMessage(conversation_id=house.room, content=f"{n}", client_id=f"{n}")
        for n in range(first, first + count)
    ]


def test_a_batch_of_messages(house: House) -> None:
    """One or a hundred, into one conversation; once statements are known to PostgreSQL."""
    house.batch(house.alice, *sends(house, 0, 2))
    for count in (1, 100):
        commit, turns = house.batch(house.alice, *sends(house, 10 * count, count))
        assert len(commit.rows) == count
        assert turns == 2
    seqs = house.db.execute("SELECT seq FROM messages WHERE kind = 'text' ORDER BY id").fetchall()
    assert [row[0] for row in seqs] == list(range(1, 104))


def test_messages_that_name_somebody_and_reply(house: House) -> None:
    """Also beside an edit that begins to name somebody before them."""
    rows = house.batch(house.alice, *sends(house, 0, 2))[0].rows
    id_, other = (json.loads(row.body)["id"] for row in rows)
    told = {"conversation_id": house.room, "content": "@bob, @bob and @nobody", "reply_id": id_}
    edit = EditMessage(message_id=id_, content="for @bob")
    house.batch(house.alice, EditMessage(message_id=other, content="@bob"), SendMessage(**told))
    for requests in ([SendMessage(**told)] * 3, [edit, SendMessage(**told)]):
        commit, turns = house.batch(house.alice, *requests)
        assert turns == 2
        assert {*json.loads(commit.rows[-1].body)["mentions"]} == {"bob"}
    count = house.db.execute("SELECT count(*) FROM mentions").fetchone()
    assert count == (7,)


def test_a_batch_of_marks(house: House) -> None:
    """Read or received, the newest message or an older one, told at once or made to wait."""
    house.batch(house.alice, *sends(house, 0, 10))
    ids = [row[0] for row in house.db.execute("SELECT id FROM messages WHERE kind = 'text'")]

    def marks(number: int) -> list[Request]:
        mark = {"conversation_id": house.room, "message_id": ids[number]}
        return [MarkDelivered(**mark), MarkRead(**mark)]

    house.batch(house.bob, *marks(0))
    for number in (3, 4, -1):
        for requests in (marks(number)[:1], marks(number)[1:]):
            assert house.batch(house.bob, *requests)[1] == 2


def test_a_batch_of_reactions(house: House) -> None:
    """Each to a message of its own; what two say of one message counts both, and nothing twice."""
    house.batch(house.alice, *sends(house, 0, 10))
    ids = [row[0] for row in house.db.execute("SELECT id FROM messages WHERE kind = 'text'")]

    def likes(me: Viewer, emoji: str, *messages: int) -> list[tuple[Viewer, Request]]:
        return [(me, AddReaction(message_id=id_, emoji=emoji)) for id_ in messages]

    house.mixed(*likes(house.alice, "first", ids[0]))
    for count in (1, 8):
        commit, turns = house.mixed(*likes(house.bob, f"{count}", *ids[:count]))
        assert len(commit.rows) == count
        assert turns == 2
    commit, _ = house.mixed(
        *likes(house.alice, "b", ids[9]), *likes(house.bob, "b", ids[9], ids[9]),
        *likes(house.bob, "a", ids[9]),
    )  # fmt: skip
    told = [json.loads(row.body)["reactions"] for row in commit.rows]
    assert told == [
        [{"emoji": "b", "count": 1}],
        [{"emoji": "b", "count": 2}],
        [{"emoji": "b", "count": 2}, {"emoji": "a", "count": 1}],
    ]


def test_a_batch_of_edits(house: House) -> None:
    """Each of a message of its own, whomever it named before and names now; beside new ones."""
    house.batch(house.alice, *sends(house, 0, 10))
    ids = [row[0] for row in house.db.execute("SELECT id FROM messages WHERE kind = 'text'")]

    def edits(content: str, *messages: int) -> list[Request]:
        return [EditMessage(message_id=id_, content=content) for id_ in messages]

    house.batch(house.alice, *edits("once @bob", ids[0]), *edits("plain", ids[0]))
    for count in (1, 8):
        for content in ("plain", "twice @bob", "thrice @bob", "plain again"):
            commit, turns = house.batch(house.alice, *edits(content, *ids[:count]))
            assert [json.loads(row.body)["content"] for row in commit.rows] == [content] * count
            assert turns == 2
    _, turns = house.batch(house.alice, *sends(house, 20, 2), *edits("beside", *ids[:3]))
    assert turns == 2


def test_a_message_is_edited_twice_in_a_batch(house: House) -> None:
    """The second edit sees what the first has left: who is named, and which row is replayed."""
    (first, *_) = house.batch(house.alice, *sends(house, 0, 2))[0].rows
    id_ = json.loads(first.body)["id"]
    texts = ["to @bob", "to none", "to @bob again"]
    house.batch(house.alice, *(EditMessage(message_id=id_, content=text) for text in texts))
    row = house.db.execute("SELECT content, mentions FROM messages WHERE id = ?", (id_,)).fetchone()
    assert row == ("to @bob again", '["bob"]')
    assert house.db.execute("SELECT user_id FROM mentions").fetchall() == [(house.bob.id,)]
    rows = house.db.execute("SELECT superseded FROM log WHERE message_id = ? ORDER BY id", (id_,))
    assert [row[0] for row in rows] == [1, 1, 1, 0]


def test_a_mark_in_a_batch_with_messages_of_another(house: House) -> None:
    """What was read ahead of what is unread is asked anew: it has changed."""
    house.batch(house.alice, *sends(house, 0, 3))
    ids = [row[0] for row in house.db.execute("SELECT id FROM messages WHERE kind = 'text'")]
    mark = {"conversation_id": house.room, "message_id": ids[0]}
    sent = [(house.alice, each) for each in sends(house, 10, 2)]
    for kind in (MarkDelivered, MarkRead):
        commit, _ = house.mixed(*sent, (house.bob, kind(**mark)))
        told = json.loads(commit.rows[-1].body)
        assert told["me"]["unread_count"] == (5 if kind is MarkDelivered else 4)
        sent = []


def test_a_mixed_batch(house: House) -> None:
    """Messages and marks of two people; what one writes another of the batch knows."""
    house.batch(house.alice, *sends(house, 0, 3))
    ids = [row[0] for row in house.db.execute("SELECT id FROM messages WHERE kind = 'text'")]
    mark = MarkRead(conversation_id=house.room, message_id=ids[-1])
    house.batch(house.bob, mark, *sends(house, 10, 2), mark)
    house.db.execute("UPDATE marks SET logged_at = 0")
    commit, turns = house.batch(house.bob, *sends(house, 20, 2), mark, *sends(house, 30, 2))
    assert turns == 2
    assert [row.type for row in commit.rows] == ["send_message"] * 4
    row = house.db.execute("SELECT last_seq FROM conversations").fetchone()
    assert row == (9,)


def test_rows_are_found_by_their_keys_in_a_table_of_unknown_size(house: House) -> None:
    """PostgreSQL has not looked at it yet, and plans as if there were nearly none."""
    house.db.execute(
        "INSERT INTO conversations"
        " (id, kind, name, named, created_by, created_at, updated_at, activity, member_count)"
        " SELECT n, 'group', 'one of many', 1, 1, 0, 0, n, 1 FROM generate_series(1001, 1500) AS n"
    )
    house.db.execute(
        "INSERT INTO members (conversation_id, user_id, joined_id, first_id, role, joined_at,"
        " read_id, read_seq, delivered_id)"
        " SELECT n, 1, n, 1, 'owner', 0, 0, 0, 0 FROM generate_series(1001, 1500) AS n"
    )
    before = rows_read(house.db)
    for number in range(3):
        house.batch(house.alice, *sends(house, 10 * number, 10))
    assert 0 < rows_read(house.db) - before < 300


def rows_read(db: OpenDb) -> int:
    """How many rows of memberships and conversations statements have gone through so far."""
    db.execute("SELECT pg_stat_force_next_flush()")
    row = db.execute(
        "SELECT sum(seq_tup_read + idx_tup_fetch) FROM pg_stat_user_tables"
        " WHERE relname IN ('members', 'conversations')"
    ).fetchone()
    return int(row[0])


def test_a_retry_in_the_same_batch_is_the_same_message(house: House) -> None:
    """What was written a moment ago is known, though nothing has been sent to PostgreSQL yet."""
    (first,) = sends(house, 0, 1)
    commit, _ = house.batch(house.alice, first, first, first)
    assert [row.type for row in commit.rows] == ["send_message"]


@pytest.mark.parametrize("lost", ["lose_question", "lose_answer"])
@pytest.mark.parametrize("turn", [1, 2])
def test_what_was_lost_on_the_way_is_written_once(house: House, turn: int, lost: str) -> None:
    """At the beginning or the commit, on the way there or back: each message is told, and once."""
    house.batch(house.alice, *sends(house, 0, 2))
    setattr(house.turns, lost, house.turns.count + turn)
    commit, _ = house.batch(house.alice, *sends(house, 10, 3))
    assert [row.type for row in commit.rows] == ["send_message"] * 3
    commit, _ = house.batch(house.alice, *sends(house, 20, 1))
    assert len(commit.rows) == 1
    rows = house.db.execute("SELECT client_id FROM messages WHERE kind = 'text' ORDER BY id")
    assert [row[0] for row in rows] == ["0", "1", "10", "11", "12", "20"]
    ids = [row[0] for row in house.db.execute("SELECT id FROM log ORDER BY id")]
    assert ids == list(range(1, len(ids) + 1))


def test_a_commit_that_was_looked_for_tells_nothing_that_came_after_it(house: House) -> None:
    """That may be of another epoch, under whose name it is told once that has been looked for."""
    house.batch(house.alice, *sends(house, 0, 2))
    with contextlib.closing(open_database(house.turns.where)) as other:

        def write() -> None:
            with other.transaction():
                log.append(other, log.Audience.USER, house.bob.id, "of another", b"{}")

        house.turns.lost, house.turns.lose_answer = write, house.turns.count + 2
        commit, _ = house.batch(house.alice, *sends(house, 10, 2))
    assert [row.type for row in commit.rows] == ["send_message"] * 2
    commit, _ = house.batch(house.alice, *sends(house, 20, 1))
    assert [row.type for row in commit.rows] == ["of another", "send_message"]


def test_what_is_committed_is_not_written_again_whatever_is_lost_then(house: House) -> None:
    """The answer to a commit, and then something of looking whether it is on disk, at any turn."""
    house.batch(house.alice, *sends(house, 0, 2))
    again = 0
    while house.turns.lose_question <= house.turns.count:
        again += 1
        house.turns.lose_answer = house.turns.count + 2
        house.turns.lose_question = house.turns.lose_answer + again
        house.batch(house.alice, *[SendMessage(conversation_id=house.room, content="once")] * 2)
    house.turns.lose_question = 0
    assert again > 3, "it was never lost while looking"
    count = house.db.execute("SELECT count(*) FROM messages WHERE kind = 'text'").fetchone()
    assert count == (2 + 2 * again,)


def test_a_read(house: House) -> None:
    """Its beginning, each statement and its end; nothing of it has to be prepared again."""

    def turns_of_a_read() -> int:
        before = house.turns.count
        with house.db.snapshot():
            house.db.execute("SELECT count(*) FROM messages").fetchall()
        return house.turns.count - before

    turns_of_a_read()
    assert [turns_of_a_read() for _ in range(3)] == [3, 3, 3]


def test_a_read_that_failed_is_over(house: House) -> None:
    """What is read next sees what is there then."""
    with pytest.raises(PostgresError), house.db.snapshot():
        house.db.execute("SELECT nothing FROM nowhere")
    assert not house.db.in_transaction
    house.batch(house.alice, *sends(house, 0, 1))


def test_only_one_that_takes_writes_is_connected_to(postgres: Postgres) -> None:
    """Not a replica, nor what was the primary until a moment ago; unless the URL says so."""
    where = postgres.create()
    with contextlib.closing(open_database(where)) as db:
        name = db.execute("SELECT current_database()").fetchone()[0]
        db.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with pytest.raises(PostgresError, match="read-only"):
        open_database(where)
    open_database(f"{where}?target_session_attrs=any").close()


def test_a_batch_that_waits_is_full_by_the_clock(house: House) -> None:
    """What holds the cluster's lock does not hold it for all that wait behind it."""

    def wait(db: Db) -> int:
        return len(db.execute("SELECT pg_sleep(0.3)").fetchall())

    ran = run_batch(house.db, [wait, wait], lambda db: None, lambda: ("SELECT 7", ()))
    assert ran == ([1], [(7,)])


def test_what_nobody_can_know_is_unavailable(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """When PostgreSQL stays away after the answer was lost."""
    monkeypatch.setattr(db, "LOOKING_SECONDS", 0.2)
    house.turns.lose_answer = house.turns.count + 2
    house.turns.hide()
    with pytest.raises(PostgresError) as raised:
        house.batch(house.alice, *sends(house, 0, 1))
    assert is_broken(raised.value)
    assert not isinstance(raised.value, LostError)
