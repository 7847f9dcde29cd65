"""The end of an account, by its owner's hand."""

from backend.handlers.contacts import part, tie
from backend.handlers.members import leave_group
from backend.store import (
    accounts,
    contact_requests,
    contacts,
    conversations,
    erasures,
    files,
    log,
    uploads,
    users,
    watchers,
)
from backend.store.engine.db import FOREVER, Db
from backend.store.log import Audience


def delete_account(db: Db, user_id: int) -> None:
    """Part from everybody, then take away everything personal, in one transaction.

    That the name, and the files, are to go from what was told before is noted here, and done by
    `anonymize`.
    """
    _part_from_all(db, user_id)
    erasures.begin(db, user_id)
    files.remove(db, files.outside_messages(db, user_id))
    uploads.end_of(db, user_id)
    accounts.delete(db, user_id)


def _part_from_all(db: Db, user_id: int) -> None:
    """Leave every group (an owner hands over), close the direct ones, part from all contacts."""
    mine, watching = users.known(db, user_id), watchers.ids(db, user_id)
    for membership in conversations.of_user(db, user_id, None, FOREVER):
        if membership.kind == "group":
            leave_group(db, membership)
        else:
            conversations.update(db, membership.id, {"closed": 1})
    for other in (*contacts.all_of(db, user_id), *contact_requests.sent(db, user_id)):
        part(db, user_id, mine.username, other)
    for other_id in watching:  # to partners who were no contacts they go, and are not told of
        effect = tie(db, user_id, other_id)
        log.append(db, Audience.SERVER, other_id, "part", b"{}", effect=effect)
