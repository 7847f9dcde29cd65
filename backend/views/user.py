"""Users as they are told. What anybody learns of presence is decided here."""

from collections.abc import Iterable

import msgspec

from backend.protocol.models import SelfUser, User
from backend.protocol.users import ProfileData, ProfileMe
from backend.store import users
from backend.store.engine.db import Db
from backend.store.log import now_ms
from backend.store.users import UserRow
from backend.views.viewer import Viewer


def for_everyone(row: UserRow) -> User:
    """A user as pushes carry it: without presence, which would be old when it is replayed."""
    return _user(row, None, None)


def online(told: User) -> User:
    """A user as they themselves are told: they are here."""
    return msgspec.structs.replace(told, is_online=True, last_online=_last_online(None, True))


def for_viewer(
    db: Db, me: Viewer, rows: Iterable[UserRow], *, together: bool = False
) -> list[User]:
    """Users with the presence the viewer may see.

    Shown of oneself, of contacts and of co-members, unless they hide it, are reachable by contacts
    only (then of contacts and partners in direct conversations), or a block stands between;
    `together` says that all are known to be contacts or co-members.
    """
    rows = list(rows)
    there = [row for row in rows if row.id != me.id and row.deleted_at is None]
    shown = [row for row in there if not row.hide_presence]
    near = {row.id for row in shown if together and row.reachable_by == "everyone"}
    far = {row.id for row in shown} - near
    allowed = near | users.related(db, me.id, far) if far else near
    allowed = (allowed - users.estranged(db, me.id, allowed) if allowed else set()) | {me.id}
    return [
        _present(row, me.presence.is_online(row.id)) if row.id in allowed else for_everyone(row)
        for row in rows
    ]


def for_self(db: Db, user_id: int) -> SelfUser:
    """A user with what only they see; who is told it is online."""
    row = users.known(db, user_id)
    private = users.private(db, user_id)
    return SelfUser(
        id=row.id,
        username=row.username,
        fullname=row.fullname,
        bio=row.bio,
        avatar=row.avatar,
        is_online=True,
        last_online=_last_online(None, True),
        created_at=row.created_at // 1000,
        email=private.email,
        hide_presence=bool(row.hide_presence),
        reachable_by=row.reachable_by,  # type: ignore[arg-type]
        updated_at=private.updated_at // 1000,
    )


def profile(row: UserRow) -> ProfileData:
    """A profile as everybody concerned is told of its change."""
    return ProfileData(**msgspec.structs.asdict(for_everyone(row)))


def own_profile(db: Db, row: UserRow) -> ProfileData:
    """A profile as who has changed it is told; who is told it is online."""
    private = users.private(db, row.id)
    mine = ProfileMe(
        email=private.email,
        hide_presence=bool(row.hide_presence),
        reachable_by=row.reachable_by,  # type: ignore[arg-type]
        updated_at=private.updated_at // 1000,
    )
    return ProfileData(**msgspec.structs.asdict(_present(row, True)), me=mine)


def _last_online(last_online: int | None, is_online: bool) -> int | None:
    """When they were last here, in Unix seconds: now, if they are; null if they never were."""
    if is_online:
        return now_ms() // 1000
    return None if last_online is None else last_online // 1000


def _present(row: UserRow, is_online: bool) -> User:
    return _user(row, is_online, _last_online(row.last_online, is_online))


def _user(row: UserRow, is_online: bool | None, last_online: int | None) -> User:
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
