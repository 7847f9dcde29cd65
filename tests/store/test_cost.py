"""No event costs more as the tables grow: steps of SQLite's virtual machine, counted."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.handlers import conversations, messages
from backend.handlers.base import Instant, Read, Write
from backend.handlers.resume import read_opening
from backend.handlers.table import HANDLERS
from backend.protocol.base import Request, type_of
from backend.protocol.conversations import (
    CreateConversation,
    GetConversationInfo,
    GetConversations,
)
from backend.protocol.cursor import write_cursor
from backend.protocol.events import REQUESTS
from backend.protocol.messages import GetMessages, MessagesData
from backend.protocol.models import ConversationInfo, ConversationMe
from backend.settings import Settings, limits_of
from backend.store.sessions import Identity
from backend.views.viewer import Viewer
from tests.store.filled import ALICE, GROUP, PAIR, UNREAD, fill

# one worker has them all, so that they are made once
pytestmark = [pytest.mark.sqlite, pytest.mark.large, pytest.mark.xdist_group("a million messages")]

SMALL, LARGE = 10_000, 1_000_000
LIMITS = limits_of(Settings())


class Alone:
    """A presence in which nobody is online."""

    def is_online(self, user_id: int) -> bool:
        """No."""
        return False


ME = Viewer(ALICE, "user1", 1, Alone(), LIMITS)


class Filled:
    """A database, and what a piece of work on it costs."""

    def __init__(self, path: Path, count: int) -> None:
        self.db = fill(path, count)
        self.newest = count
        self.steps = 0
        self.db.set_progress_handler(self._step, 1)

    def _step(self) -> None:
        self.steps += 1

    def cost(self, work: Callable[[], object]) -> int:
        """The steps of a piece of work, which is undone."""
        self.db.begin()
        self.steps = 0
        work()
        spent = self.steps
        self.db.rollback()
        return spent

    def request(self, type_: str, fields: dict[str, Any]) -> Request:
        """A request about this database: NEWEST and MIDDLE stand for messages of the group."""
        ids = {"NEWEST": self.newest, "MIDDLE": self.newest // 2, "OLDEST": 2}
        filled = {name: ids.get(value, value) if isinstance(value, str) else value
                  for name, value in fields.items()}  # fmt: skip
        return REQUESTS[type_](**filled)


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Filled, Filled]]:
    """A small and a large database."""
    folder = tmp_path_factory.mktemp("filled")
    both = Filled(folder / "small.db", SMALL), Filled(folder / "large.db", LARGE)
    yield both
    for each in both:
        each.db.close()
    (folder / "large.db").unlink()


ABOUT = {"conversation_id": GROUP}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("self", {}),
    ("get_contacts", {}),
    ("get_blocked", {}),
    ("get_user", {"username": "user50"}),
    ("get_user", {"id": 50}),
    ("search_users", {"prefix": "user9"}),
    ("search_users", {"prefix": "full9", "limit": 10}),
    ("get_presence", {"usernames": ["user50", "nobody"]}),
    ("update_profile", {"fullname": "Alice", "email": "alice@example.org"}),
    ("add_contact", {"contact_username": "user50"}),
    ("remove_contact", {"contact_username": "user2"}),
    ("get_contact_requests", {}),
    ("block_user", {"username": "user2"}),
    ("create_conversation", {"members": ["user50", "user60"], "client_id": "new"}),
    ("create_conversation", {"members": ["user50"], "kind": "direct"}),
    ("get_conversations", {}),
    ("get_conversation_info", {"id": GROUP}),
    ("get_conversation_info", {"client_id": "known"}),
    ("rename_conversation", {**ABOUT, "name": "x"}),
    ("set_topic", {**ABOUT, "topic": "x"}),
    ("set_avatar", {**ABOUT, "avatar": None}),
    ("get_files", ABOUT),
    ("get_files", {**ABOUT, "kind": "picture", "before": "MIDDLE"}),
    ("mute_conversation", ABOUT),
    ("archive_conversation", ABOUT),
    ("typing", ABOUT),
    ("add_members", {**ABOUT, "usernames": ["user50"]}),
    ("remove_member", {**ABOUT, "username": "user2"}),
    ("leave_conversation", ABOUT),
    ("set_role", {**ABOUT, "username": "user2", "role": "owner"}),
    ("get_members", ABOUT),
    ("send_message", {**ABOUT, "content": "@user2 hi", "reply_id": "MIDDLE", "client_id": "new"}),
    ("send_message", {"conversation_client_id": "known", "content": "hi"}),
    ("forward_message", {"message_id": "MIDDLE", "conversation_id": PAIR, "client_id": "new"}),
    ("get_messages", ABOUT),
    ("get_messages", {**ABOUT, "before": "MIDDLE"}),
    ("get_messages", {**ABOUT, "after": "MIDDLE"}),
    ("get_messages", {**ABOUT, "around": "OLDEST"}),
    ("pin_message", {"message_id": "MIDDLE"}),
    ("get_pinned", ABOUT),
    ("add_reaction", {"message_id": "MIDDLE", "emoji": "+1"}),
    ("remove_reaction", {"message_id": "MIDDLE", "emoji": "+1"}),
    ("get_reactions", {"message_id": "MIDDLE"}),
    ("get_reactions", {"message_id": "MIDDLE", "emoji": "+1", "limit": 1}),
    ("delete_message", {"message_id": "MIDDLE"}),
    ("mark_read", {**ABOUT, "message_id": "NEWEST"}),
    ("mark_unread", ABOUT),
    ("get_sessions", {}),
    ("end_session", {"id": 1}),
    ("report_message", {"message_id": "MIDDLE", "reason": "spam"}),
]
# The same statements as those of a request above; or tests/store/test_search.py.
ALIKE = {"unblock_user", "edit_message", "unpin_message", "mark_delivered", "search_messages"}


def test_every_request_is_counted() -> None:
    """A new one has to stand in the list, unless it needs no database."""
    instant = {type_of(kind) for kind, each in HANDLERS.items() if isinstance(each, Instant)}
    assert {type_ for type_, _ in ASKED} | ALIKE | instant == set(REQUESTS)


@pytest.mark.parametrize(("type_", "fields"), ASKED)
def test_a_request_takes_as_many_steps_whatever_is_stored(
    sizes: tuple[Filled, Filled], type_: str, fields: dict[str, Any]
) -> None:
    """At a million messages at most twice those at ten thousand."""
    costs = []
    for each in sizes:
        request = each.request(type_, fields)
        handler = HANDLERS[type(request)]
        assert isinstance(handler, Read | Write)
        costs.append(each.cost(lambda: handler.run(each.db, ME, request)))  # noqa: B023
    small, large = costs
    assert 0 < large <= 2 * small


def test_opening_a_socket_takes_as_many_steps_whatever_is_stored(
    sizes: tuple[Filled, Filled],
) -> None:
    """With a cursor that has missed ten rows."""
    costs = []
    for each in sizes:
        cursor = write_cursor("0123456789", each.newest - 30, ALICE)
        costs.append(each.cost(lambda: _open(each, cursor)))  # noqa: B023
    assert 0 < costs[1] <= 2 * costs[0]


def _open(filled: Filled, cursor: str) -> None:
    opening = read_opening(filled.db, Identity(ALICE, "user1", 1, 0), ME, cursor, 5000, 10**6)
    assert (opening.status, len(opening.missed)) == ("ok", 10)


def test_a_page_of_conversations_takes_as_many_statements_as_one(
    sizes: tuple[Filled, Filled],
) -> None:
    """However many are on it."""
    db = sizes[0].db
    counts = []
    for size in (1, 2, 50):
        statements: list[str] = []
        db.begin()
        for number in range(size):
            request = CreateConversation(members=["user2", "user3"], name=f"{number}")
            conversations.create_conversation(db, ME, request)
        db.set_trace_callback(statements.append)
        page = conversations.get_conversations(db, ME, GetConversations(limit=size)).data
        db.set_trace_callback(None)
        db.rollback()
        assert isinstance(page, list)
        assert len(page) == size
        counts.append(len(statements))
    assert len(set(counts)) == 1, counts


def test_the_databases_are_what_they_seem(sizes: tuple[Filled, Filled]) -> None:
    """Pages are full and something is unread, or nothing would be proved."""
    for each in sizes:
        page = messages.get_messages(each.db, ME, GetMessages(conversation_id=GROUP)).data
        assert isinstance(page, MessagesData)
        assert len(page.messages) == 100
        info = conversations.get_conversation_info(each.db, ME, GetConversationInfo(id=GROUP)).data
        assert isinstance(info, ConversationInfo)
        assert isinstance(info.me, ConversationMe)
        assert info.me.unread_count == UNREAD
