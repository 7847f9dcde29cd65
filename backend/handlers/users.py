"""People and their profiles."""

from backend import views
from backend.handlers.base import Answer, no_such_user, page_size, publish, still_here
from backend.handlers.files import new_avatar
from backend.protocol.errors import Code, Refused
from backend.protocol.names import check_email, check_fullname
from backend.protocol.users import GetUser, SearchUsers, UpdateProfile, UsersData
from backend.store import users, watchers
from backend.store.engine.db import Db
from backend.store.log import Audience, Effect
from backend.views.viewer import Viewer


def get_user(db: Db, me: Viewer, request: GetUser) -> Answer:
    """Tell about somebody, by name or by id."""
    if (request.username is None) == (request.id is None):
        raise Refused(Code.INVALID_REQUEST, "username: expected either username or id", "username")
    if request.username is not None:
        row, asked, field = users.by_username(db, request.username), request.username, "username"
    else:
        row, asked, field = users.by_id(db, request.id or 0), str(request.id), "id"
    if row is None:
        raise no_such_user(asked, field)
    return Answer(views.user.for_viewer(db, me, [row])[0])


def search_users(db: Db, me: Viewer, request: SearchUsers) -> Answer:
    """Find people whose username or full name begins so."""
    rows = users.by_prefix(db, request.prefix, page_size(me, request.limit, 20))
    return Answer(UsersData(users=tuple(views.user.for_viewer(db, me, rows))))


def update_profile(db: Db, me: Viewer, request: UpdateProfile) -> Answer:
    """Change what is given of one's own profile."""
    still_here(db, me)
    values: dict[str, object] = {}
    if request.fullname is not None:
        fullname = check_fullname(request.fullname, me.limits["MAX_NAME_LENGTH"])
        values |= {"fullname": fullname, "fullname_key": users.fold(fullname)}
    if request.bio is not None:
        values["bio"] = request.bio
    if request.email is not None:
        values |= _new_email(db, me, request.email)
    if request.avatar is not None:
        values["avatar"] = new_avatar(db, me, request.avatar or None)
    if request.hide_presence is not None:
        values["hide_presence"] = int(request.hide_presence)
    if request.reachable_by is not None:
        values["reachable_by"] = request.reachable_by
    return Answer(log_id=change_profile(db, me.id, values, hidden=request.hide_presence))


def change_profile(
    db: Db, user_id: int, values: dict[str, object], *, hidden: bool | None = None
) -> int:
    """Change columns of a user, and tell everybody concerned; gives the id of their own row.

    `hidden` is whether they hide their presence from now on, if that changes.
    """
    users.update(db, user_id, values)
    row = users.known(db, user_id)
    # a node where the user is not would have to look for their watchers among all whom it has
    effect = Effect(told=tuple(watchers.ids(db, user_id)), hide_presence=hidden, user=user_id)
    told = views.user.profile(row)
    publish(db, Audience.WATCHERS, user_id, "update_profile", told, effect=effect)
    return publish(db, Audience.USER, user_id, "update_profile", views.user.own_profile(db, row))


def _new_email(db: Db, me: Viewer, email: str) -> dict[str, object]:
    if not email:
        return {"email": None, "email_key": None}
    check_email(email)
    return {"email": email, "email_key": users.email_key(db, email, me.id)}
