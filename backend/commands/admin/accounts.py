"""Accounts, what they hold, and where they are logged in."""

from backend.commands.admin.common import account_of, note
from backend.commands.database import CannotDo, committing, opened
from backend.commands.output import Moment, Output, Size
from backend.commands.password import hash_password, read_password
from backend.protocol.names import check_fullname, check_username
from backend.settings import Settings
from backend.store import accounts
from backend.store import footprint as footprints
from backend.store import sessions as stored_sessions
from backend.store.accounts import NewAccount, Taken
from backend.store.engine.readers import read_snapshot

USER = ("id", "username", "state", "fullname", "email", "created", "last_online")
SESSION = ("id", "device", "address", "began", "last_seen", "ends")
HOLDING = ("username", "messages", "files", "file_bytes")


def users(settings: Settings, out: Output, text: str, *, disabled: bool) -> int:
    """List the accounts, or those whose username, full name or email begins with a text."""
    with opened(settings) as db:
        out.rows(
            USER,
            (
                (
                    row.id,
                    row.username,
                    "disabled" if row.disabled else "enabled",
                    row.fullname,
                    row.email,
                    Moment(row.created_at),
                    Moment(row.last_online),
                )
                for row in accounts.listed(db, text, only_disabled=disabled)
            ),
        )
    return 0


def sessions(settings: Settings, out: Output, username: str) -> int:
    """List where a user is logged in, the newest first."""
    with opened(settings) as db:
        found = stored_sessions.list_for(db, account_of(db, username).id)
    out.rows(
        SESSION,
        [(each.id, each.device, each.address, *map(Moment, each[3:])) for each in found],
    )
    return 0


def stored(settings: Settings, out: Output, username: str | None, most: int) -> int:
    """List how much is stored of a user, or of those of whom the most is."""
    with opened(settings) as db:
        if username is None:
            found = read_snapshot(db, lambda db: footprints.largest(db, most))
            out.rows(HOLDING, [(*each[:3], Size(each.file_bytes)) for each in found])
            return 0
        user_id = account_of(db, username).id
        parts = read_snapshot(db, lambda db: footprints.of_user(db, user_id))
    shown = {name: Size(n) if name.endswith("_bytes") else n for name, n in parts.items()}
    out.rows(("what", "stored"), shown.items())
    return 0


def create(settings: Settings, out: Output, username: str, fullname: str | None) -> int:
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
    note("account created", username)
    out.said(f"created {username}, user {user_id}", created=username, id=user_id)
    return 0


def disable(settings: Settings, out: Output, username: str) -> int:
    """Let a user in no more; every session ends."""
    with committing(settings) as db:
        account = account_of(db, username)
        accounts.disable(db, account.id)
    note("account disabled", account.username)
    out.said(f"disabled {account.username}", disabled=account.username)
    return 0


def enable(settings: Settings, out: Output, username: str) -> int:
    """Let a disabled user in again."""
    with committing(settings) as db:
        account = account_of(db, username)
        accounts.enable(db, account.id)
    note("account enabled", account.username)
    out.said(f"enabled {account.username}", enabled=account.username)
    return 0


def reset_password(settings: Settings, out: Output, username: str) -> int:
    """Give a user a new password; every session ends."""
    with opened(settings) as db:
        if account_of(db, username).password_hash is None:
            raise CannotDo(f"{username} logs in by an outside service and has no password here")
        new_hash = hash_password(read_password(settings))
        with db.transaction():
            account = account_of(db, username)
            accounts.reset_password(db, account.id, new_hash)
    note("password reset, sessions ended", account.username)
    out.said(f"reset the password of {account.username}", reset=account.username)
    return 0


def end_sessions(settings: Settings, out: Output, username: str, session: int | None) -> int:
    """Log a user out everywhere, or end one session; its tokens are worth nothing then."""
    with committing(settings) as db:
        account = account_of(db, username)
        if session is None:
            count = stored_sessions.end_all(db, account.id, "revoked")
        elif stored_sessions.end(db, account.id, session, "revoked"):
            count = 1
        else:
            raise CannotDo(f"{account.username} has no session {session}")
    note("sessions ended", account.username)
    text = f"ended {count} sessions of {account.username}"
    out.said(text, ended=count, username=account.username)
    return 0
