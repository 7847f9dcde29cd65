"""Every column that names a user: whether its rows go with the account, and where the export is.

A test finds the columns in the schema, deletes an account and looks whether this is so.
"""

from typing import NamedTuple


class Personal(NamedTuple):
    """`goes` with the account, and is `exported` under this name; the reason where it is not so."""

    goes: bool
    exported: str | None
    reason: str = ""


SAID_STAYS = "what was said to others stays theirs, from a deleted user"
TOLD = "lifecycle/anonymize takes the name out of what was told; nothing in it is only the user's"

PERSONAL = {
    "blocks.blocked_id": Personal(True, None, "who has blocked somebody is not for them to know"),
    "blocks.user_id": Personal(True, "blocked"),
    "contact_requests.from_id": Personal(True, "contact_requests"),
    "contact_requests.to_id": Personal(True, "contact_requests"),
    "contacts.contact_id": Personal(True, "contacts"),
    "contacts.user_id": Personal(True, "contacts"),
    "conversation_client_ids.user_id": Personal(True, None, "says something to that client only"),
    "conversations.created_by": Personal(False, None, "the others are still in it"),
    "erasures.user_id": Personal(False, None, "notes that the name is to go, and goes when it has"),
    "files.owner_id": Personal(False, "files", "lifecycle/anonymize takes them out of messages"),
    "log.skip_user": Personal(False, None, TOLD),
    "log.target": Personal(False, None, TOLD),
    "marks.user_id": Personal(False, None, "says which rows of the log tell of a read mark"),
    "members.user_id": Personal(False, "conversations", "says who may read what was said when"),
    "mentions.user_id": Personal(True, None, "the messages are others'"),
    "messages.sender_id": Personal(False, "messages", SAID_STAYS),
    "presence.user_id": Personal(False, None, "says who is connected, and goes when they go"),
    "reactions.user_id": Personal(True, "reactions"),
    "reports.reporter_id": Personal(True, "reports"),
    "sessions.user_id": Personal(True, "sessions"),
    "uploads.owner_id": Personal(False, None, "their time ends, and they go with the next purge"),
}
