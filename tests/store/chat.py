"""A chat that is searched: written to as the handlers do, with an index that is filled from it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from backend.store import epochs, index_file, log
from backend.store.engine.connection import is_postgres, open_database
from backend.store.engine.db import FOREVER, Db, OpenDb
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


def filling(where: str) -> OpenDb:
    """A connection that fills the index."""
    if is_postgres(where):
        return open_database(where)
    indexing = open_database(index_file.index_path(where))
    index_file._prepare(indexing, where)
    return indexing
