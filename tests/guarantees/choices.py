"""What people could do next: for each kind of act, every request that makes sense now."""

from collections.abc import Iterable

from tests.guarantees.device import Device
from tests.guarantees.state import Chat, Frame
from tests.guarantees.village import Choice, Village

Known = tuple[Device, Chat]


def known(village: Village) -> list[Known]:
    """Each conversation of each device that is connected."""
    return [(each, chat) for each in village.live for chat in each.state.chats.values()]


def groups(village: Village, *roles: str) -> list[Known]:
    """Those that are groups in which the device's person has one of these roles."""
    return [
        (device, chat)
        for device, chat in known(village)
        if chat.data["kind"] == "group" and chat.me["role"] in roles
    ]


def texts(village: Village, own: bool = False) -> list[tuple[Device, Chat, Frame]]:
    """Messages that are not deleted and were not made by the server."""
    return [
        (device, chat, message)
        for device, chat in known(village)
        for message in chat.messages.values()
        if message["kind"] == "text" and message["deleted_at"] is None
        if not own or message["sender_username"] == device.person.username
    ]


def about(found: Iterable[Known], type_: str, **fields: object) -> list[Choice]:
    """The same request about each of these conversations."""
    return [
        (device, {"type_": type_, "conversation_id": chat.data["id"], **fields})
        for device, chat in found
    ]


def of_message(
    found: Iterable[tuple[Device, Chat, Frame]], type_: str, **fields: object
) -> list[Choice]:
    """The same request about each of these messages."""
    return [
        (device, {"type_": type_, "message_id": message["id"], **fields})
        for device, _, message in found
    ]


def create(village: Village, others: Iterable[int], **fields: object) -> list[Choice]:
    """A new conversation with these people."""
    members = [village.name(other) for other in others]
    return [
        (device, {"type_": "create_conversation", "members": members, **fields})
        for device in village.live
    ]


def add(village: Village) -> list[Choice]:
    """Somebody is added to a group."""
    return [
        choice
        for device, chat in groups(village, "owner", "moderator")
        for name in sorted(village.names - chat.members)
        for choice in about([(device, chat)], "add_members", usernames=[name])
    ]


def remove(village: Village) -> list[Choice]:
    """Somebody is removed from a group."""
    return [
        choice
        for device, chat in groups(village, "owner", "moderator")
        for name in sorted(chat.members - {device.person.username})
        for choice in about([(device, chat)], "remove_member", username=name)
    ]


def leave(village: Village) -> list[Choice]:
    """Somebody leaves a group."""
    return about(groups(village, "owner", "moderator", "member"), "leave_conversation")


def give_role(village: Village, role: str) -> list[Choice]:
    """The owner gives a member a role."""
    return [
        choice
        for device, chat in groups(village, "owner")
        for name in sorted(chat.members - {device.person.username})
        for choice in about([(device, chat)], "set_role", username=name, role=role)
    ]


def mark(village: Village, type_: str) -> list[Choice]:
    """Somebody reads, or has received, up to a message."""
    return [
        (device, {"type_": type_, "conversation_id": chat.data["id"], "message_id": id_})
        for device, chat in known(village)
        if type_ == "mark_read" or chat.data["kind"] == "direct"
        for id_ in chat.messages
        if id_ > chat.me["last_read_id"] or chat.me["marked_unread"]
    ]


def forward(village: Village) -> list[Choice]:
    """A message is forwarded to another conversation, or to its own."""
    return [
        (
            device,
            {
                "type_": "forward_message",
                "conversation_id": target,
                "message_id": message["id"],
            },
        )
        for device, _, message in texts(village)
        for target in device.state.chats
    ]


def contact(village: Village, type_: str) -> list[Choice]:
    """A contact comes or goes."""
    return [
        (device, {"type_": type_, "contact_username": name})
        for device in village.live
        for name in sorted(village.names - {device.person.username})
        if (name in device.state.contacts) == (type_ == "remove_contact")
    ]


def block(village: Village, type_: str) -> list[Choice]:
    """Somebody is blocked, or no longer."""
    return [
        (device, {"type_": type_, "username": name})
        for device in village.live
        for name in sorted(village.names - {device.person.username})
    ]


def profile(village: Village, hide: bool) -> list[Choice]:
    """Somebody changes their profile."""
    return [
        (device, {"type_": "update_profile", "bio": "new", "hide_presence": hide})
        for device in village.live
    ]
