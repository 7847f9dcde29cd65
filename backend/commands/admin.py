"""`python -m backend admin`: users, their sessions, and conversations.

Each is a process of its own that commits like any writer, log rows included; a running server
takes note of them within a second.
"""

import contextlib
import getpass
import secrets
import time
from collections.abc import Iterator

from backend.auth import audit
from backend.commands.database import CannotDo, committing, opened
from backend.commands.password import hash_password, read_password
from backend.lifecycle import delete_conversation as lifecycle
from backend.logs import set_up
from backend.protocol.names import check_fullname, check_username
from backend.settings import Settings
from backend.store import accounts, invites, sessions
from backend.store.accounts import Account, NewAccount, Taken
from backend.store.engine.db import FOREVER, Db, OpenDb
from backend.store.log import now_ms

PAUSE_SECONDS = 0.01
MAX_USES = 100_000
MAX_DAYS = 3650


def users(settings: Settings, *, disabled: bool) -> int:
    """List the accounts, a line each: id, username, whether it may log in, full name."""
    with opened(settings) as db:
        for row in accounts.listed(db, only_disabled=disabled):
            state = "disabled" if row.disabled else "enabled"
            print(f"{row.id}\t{row.username}\t{state}\t{row.fullname}")
    return 0


def create(settings: Settings, username: str, fullname: str | None) -> int:
    """Make an account."""
    shown = fullname if fullname is not None else username
    check_username(username)
    check_fullname(shown, settings.max_name_length)
    password_hash = hash_password(read_password(settings))
    new = NewAccount(username, shown, password_hash, reachable_by=settings.reachable_by)
    with committing(settings) as db:
        try:
            user_id = accounts.create(db, new)
        except Taken:
            raise CannotDo(f"username already exists: {username}") from None
    _note("account created", username)
    print(f"created {username}, user {user_id}")
    return 0


def disable(settings: Settings, username: str) -> int:
    """Let a user in no more; every session ends."""
    with committing(settings) as db:
        account = _account(db, username)
        accounts.disable(db, account.id)
    _note("account disabled", account.username)
    print(f"disabled {account.username}")
    return 0


def enable(settings: Settings, username: str) -> int:
    """Let a disabled user in again."""
    with committing(settings) as db:
        account = _account(db, username)
        accounts.enable(db, account.id)
    _note("account enabled", account.username)
    print(f"enabled {account.username}")
    return 0


def reset_password(settings: Settings, username: str) -> int:
    """Give a user a new password; every session ends."""
    with opened(settings) as db:
        if _account(db, username).password_hash is None:
            raise CannotDo(f"{username} logs in by an outside service and has no password here")
        new_hash = hash_password(read_password(settings))
        with db.transaction():
            account = _account(db, username)
            accounts.reset_password(db, account.id, new_hash)
    _note("password reset, sessions ended", account.username)
    print(f"reset the password of {account.username}")
    return 0


def end_sessions(settings: Settings, username: str) -> int:
    """Log a user out everywhere."""
    with committing(settings) as db:
        account = _account(db, username)
        count = sessions.end_all(db, account.id, "revoked")
    _note("sessions ended", account.username)
    print(f"ended {count} sessions of {account.username}")
    return 0


def invite(settings: Settings, uses: int, days: float) -> int:
    """Make a code with which so many people may register, for so many days."""
    if not 0 < uses <= MAX_USES or not 0 < days <= MAX_DAYS:
        raise CannotDo(f"expected 1 to {MAX_USES} uses and at most {MAX_DAYS} days")
    code = secrets.token_urlsafe(16)
    with committing(settings) as db:
        invites.create(db, code, uses, now_ms() + int(days * 86_400_000))
    _note("invite made", f"for {uses}")
    print(code)
    return 0


def delete_conversation(settings: Settings, conversation_id: int) -> int:
    """Take a conversation from everybody, and what was said in it out of the database.

    It is gone for its members at once; the texts follow a few hundred at a time, so that a running
    server can write in between. Stopped half-way, it is to be run again.
    """
    with opened(settings) as db:
        with db.transaction():
            count = lifecycle.end_for_all(db, conversation_id)
            if count is None:
                raise CannotDo(f"there is no conversation {conversation_id}")
        _blank(db, conversation_id)
    print(f"deleted conversation {conversation_id}, which had {count} members")
    return 0


def _blank(db: OpenDb, conversation_id: int) -> None:
    below: int | None = FOREVER
    while below is not None:
        with _in_between(db):
            below = lifecycle.blank_below(db, conversation_id, below)
    more = True
    while more:
        with _in_between(db):
            more = lifecycle.drop_shared_rows(db, conversation_id)
    after: int | None = 0
    while after is not None:
        with _in_between(db):
            after = lifecycle.drop_own_rows(db, conversation_id, after)


@contextlib.contextmanager
def _in_between(db: OpenDb) -> Iterator[None]:
    """A transaction among the server's, which gets time for its own."""
    with db.transaction():
        yield
    time.sleep(PAUSE_SECONDS)


def _note(what: str, username: str) -> None:
    """Log it, on the error output, with who is logged in on this machine."""
    set_up("info", "text")
    audit.note(what, username, f"the command line, by {getpass.getuser()}")


def _account(db: Db, username: str) -> Account:
    account = accounts.find_by_login(db, username)
    if account is None:
        raise CannotDo(f"there is no user {username}")
    return account
