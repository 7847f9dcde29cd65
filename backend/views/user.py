"""Users as one person may see them. What anybody learns of presence is decided here."""

from collections.abc import Iterable

from backend.handlers.base import Viewer
from backend.protocol.models import SelfUser, User
from backend.store import users
from backend.store.engine.db import Db
from backend.store.users import UserRow


def told(row: UserRow, is_online: bool | None = None, last_online: int | None = None) -> User:
    """A user without presence, as pushes carry it, or with the presence that is given."""
    return User(
        id=row.id,
        username=row.username,
        fullname=row.fullname,
        bio=row.bio,
        avatar=row.avatar,
        is_online=is_online,
        last_online=last_online,
        created_at=row.created_at // 1000,
    )


def seen(db: Db, me: Viewer, rows: Iterable[UserRow], *, together: bool = False) -> list[User]:
    """Users with the presence the viewer may see.

    Shown of oneself, of contacts and of co-members, unless they hide it or a block stands between;
    `together` says that all are known to be contacts or co-members.
    """
    rows = list(rows)
    ids = {row.id for row in rows if row.id != me.id and not row.hide_presence}
    allowed = ids if together else users.related(db, me.id, ids) if ids else set()
    allowed = (allowed - users.estranged(db, me.id, allowed) if allowed else set()) | {me.id}
    return [seen_if(me, row, row.id in allowed) for row in rows]


def seen_if(me: Viewer, row: UserRow, allowed: bool) -> User:
    """A user with presence, if that is allowed."""
    if not allowed:
        return told(row)
    return told(row, me.presence.is_online(row.id), (row.last_online or 0) // 1000 or None)


def self_user(db: Db, me: Viewer) -> SelfUser:
    """The viewer, with what only they see."""
    row = users.known(db, me.id)
    private = users.private(db, me.id)
    return SelfUser(
        id=row.id,
        username=row.username,
        fullname=row.fullname,
        bio=row.bio,
        avatar=row.avatar,
        is_online=me.presence.is_online(me.id),
        last_online=(row.last_online or 0) // 1000 or None,
        created_at=row.created_at // 1000,
        email=private.email,
        hide_presence=bool(row.hide_presence),
        updated_at=private.updated_at // 1000,
    )
