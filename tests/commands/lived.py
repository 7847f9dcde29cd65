"""A database with rows in every table, some of them such as are easily changed on the way."""

import contextlib
from pathlib import Path

from backend.commands import story
from backend.settings import Settings, limits_of
from backend.store import accounts
from backend.store.accounts import NewAccount
from backend.store.dump import TABLES
from backend.store.engine.sqlite.opening import open_file
from backend.store.migrations import migrate_up

# of what the people of the demo do not do
MORE = """
INSERT INTO sessions (id, user_id, refresh_hash, created_at, last_seen, expires_at, address, device)
    VALUES (1, 1, x'00ff', 1, 2, 3, '::1', 'phone');
INSERT INTO counters (name, value) VALUES ('sessions', 1), ('files', 1);
INSERT INTO revocations (subject_hash, until) VALUES (x'01', 5);
INSERT INTO invites (code_hash, uses_left, expires_at) VALUES (x'80', 1, 9007199254740991);
INSERT INTO contact_requests (from_id, to_id, created_at) VALUES (2, 4, 1);
INSERT INTO blocks (user_id, blocked_id, created_at) VALUES (2, 4, 1);
INSERT INTO files (id, owner_id, use, name, mime_type, kind, size, sha256, created_at)
    VALUES (1, 1, 'unsent', 'naïve
 "☃".txt', 'text/plain', 'file', 0,
    'abababababababababababababababababababababababababababababababab', 1);
INSERT INTO loose_bytes (sha256, going) VALUES
    ('cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd', 1);
INSERT INTO uploads (id, owner_id, name, size, expires_at) VALUES ('x', 1, 'a', 1, 5);
INSERT INTO erasures (user_id, log_id) VALUES (3, 1);
INSERT INTO epochs (epoch, number, start_id, started_at) VALUES ('0123456789', 1, 0, 1);
INSERT INTO conversation_client_ids (user_id, client_id, conversation_id, expires_at)
    VALUES (1, 'trip', 1, 9007199254740991);
INSERT INTO reports (message_id, reporter_id, reason, created_at) VALUES (1, 2, 'naïve', 1);
INSERT INTO jobs (name, next_at) VALUES ('purge', 1);
"""


def settings_in(folder: Path) -> Settings:
    """Of a database in a folder of its own."""
    return Settings(dbpath=str(folder / "chat.db"), files=str(folder / "stored"))


def lived_in(folder: Path) -> Settings:
    """The settings of one that was made there."""
    settings = settings_in(folder)
    with contextlib.closing(open_file(settings.dbpath)) as db:
        list(migrate_up(db))
        with db.transaction():
            for username, fullname in story.PEOPLE.items():
                accounts.create(db, NewAccount(username, fullname, "hash"))
            story.tell(db, limits_of(settings))
        db.executescript(MORE)
        for table in TABLES:
            assert db.execute(f"SELECT 1 FROM {table}").fetchone(), table
    return settings
