"""What an account that is deleted leaves behind in its conversations and on contact lists."""

from backend.handlers.contacts import part
from backend.handlers.members import leave_group
from backend.store import contacts, conversations, erasures, users
from backend.store.engine.connection import FOREVER
from backend.store.engine.db import Db


def farewell(db: Db, user_id: int) -> None:
    """Leave every group (an owner hands over), shut the direct ones, part from all contacts.

    To be called before the account's own row is blanked, in the same transaction. That its name is
    to go from what was told before is noted here, and done by handlers/erasure.
    """
    mine = users.known(db, user_id)
    for other in contacts.all_of(db, user_id):
        part(db, user_id, mine.username, other)
    for membership in conversations.of_user(db, user_id, None, FOREVER):
        if membership.kind == "group":
            leave_group(db, membership)
        else:
            conversations.update(db, membership.id, {"closed": 1})
    erasures.begin(db, user_id)
