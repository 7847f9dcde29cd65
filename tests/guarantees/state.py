"""What a client knows, made from events alone: the reducer that docs/guarantees.md describes.

`State.apply` takes pushes and the replies to writes, which have the same shape. Presence is taken
from `resume` and `user_status` only, because a replayed event tells it as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Frame = dict[str, Any]
NEW_MEMBER = {
    "unread_count": 0, "last_read_id": 0, "muted_until": None, "archived": False,
    "marked_unread": False,
}  # fmt: skip


@dataclass
class Chat:
    """A conversation, its messages by id, one's own part of it, and how far each member is."""

    data: Frame
    me: Frame
    members: set[str]
    messages: dict[int, Frame] = field(default_factory=dict)
    places: dict[str, Frame] = field(default_factory=dict)

    @property
    def texts(self) -> list[Frame]:
        """What people wrote, the oldest first."""
        return [each for each in self.messages.values() if each["kind"] == "text"]

    def reached(self, username: str, delivered_id: int, read_id: int) -> None:
        """A member has got at least that far."""
        if place := self.places.get(username):
            place["delivered_id"] = max(place["delivered_id"], delivered_id)
            place["read_id"] = max(place["read_id"], read_id)


class State:
    """Conversations, messages, contacts and presence of one user."""

    def __init__(self, username: str) -> None:
        self.username = username
        self.chats: dict[int, Chat] = {}
        self.contacts: dict[str, Frame] = {}
        self.online: set[str] = set()
        self.profile: Frame = {}
        self.faults: list[str] = []
        self.incomplete: set[int] = set()
        self.stale: set[int] = set()  # of which an event did not tell all
        self.is_loaded = True

    def clear(self) -> None:
        """Drop everything, as after `reset`; what is not there yet is to be fetched."""
        self.is_loaded = False
        self.chats.clear()
        self.contacts.clear()
        self.incomplete.clear()
        self.stale.clear()

    def apply(self, frame: Frame) -> None:
        """Take an event in."""
        take = TAKERS.get(frame["type"])
        if take is not None:
            take(self, frame["data"], frame)

    def load_chats(self, chats: list[Frame]) -> None:
        """Take conversations in as they were fetched; their messages are still to be."""
        for data in chats:
            self.chats[data["id"]] = Chat(data, data["me"], set(data["members"]))
            self.incomplete.add(data["id"])
            self.stale.add(data["id"])
        self.is_loaded = True

    def load_info(self, data: Frame) -> None:
        """Take in what one conversation is, and how far its members are."""
        if chat := self.chats.get(data["id"]):
            chat.places = {each["username"]: dict(each) for each in data["receipts"]}

    def load_messages(self, data: Frame) -> None:
        """Take a page of messages in; everything pushed before is in it, or older."""
        chat = self.chats.get(data["conversation_id"])
        if chat is not None:
            chat.messages |= {each["id"]: as_known(each) for each in data["messages"]}
            chat.messages = dict(sorted(chat.messages.items()))

    def load_contacts(self, data: Frame) -> None:
        """Take the contact list in as it was fetched."""
        self.contacts = {user["username"]: user for user in data["users"]}

    def mentions_of_me(self, chat: Chat) -> int:
        """How many unread messages mention this user."""
        return sum(
            self.username in each["mentions"] and each["sender_username"] != self.username
            for each in chat.messages.values()
            if each["id"] > chat.me["last_read_id"]
        )

    def _conversation(self, data: Frame, frame: Frame) -> None:
        if frame.get("status") == "exists" or "at" not in frame:
            return
        if data["id"] in self.chats:
            self.faults.append(f"conversation {data['id']} came twice")
        me = {**NEW_MEMBER, "role": "member", **data.get("me", {})}
        self.chats[data["id"]] = Chat(data, me, set(data["members"]))
        self.stale.add(data["id"])
        if frame.get("status") != "created":  # somebody may have added me to one with a history
            self.incomplete.add(data["id"])

    def _message(self, data: Frame, frame: Frame) -> None:
        chat = self.chats.get(data["conversation_id"])
        if chat is None:
            self._stranger(data, frame)
            return
        if frame.get("duplicate"):
            return
        if data["id"] in chat.messages:
            self.faults.append(f"message {data['id']} came twice")
        chat.messages[data["id"]] = as_known(data)
        if data["kind"] == "system":
            return
        chat.data["activity"] = frame["at"]
        chat.reached(data["sender_username"], data["id"], data["id"])
        if data["sender_username"] == self.username:
            own = {"unread_count": 0, "last_read_id": data["id"], "marked_unread": False}
            chat.me = {**chat.me, **own}
        else:
            chat.me = {**chat.me, "unread_count": chat.me["unread_count"] + 1}

    def _changed(self, data: Frame, frame: Frame) -> None:
        chat = self.chats.get(data["conversation_id"])
        if chat is not None and data["id"] in chat.messages:
            own = chat.messages[data["id"]]["own"] if data["deleted_at"] is None else set()
            chat.messages[data["id"]] = {**as_known(data), "own": own}
        if chat is not None and frame["type"] == "delete_message" and "at" in frame:
            self._unsaid(chat, data)

    def _unsaid(self, chat: Chat, data: Frame) -> None:
        """What is deleted is unread no more."""
        is_own = data["sender_username"] == self.username
        if not is_own and data["id"] > chat.me["last_read_id"]:
            chat.me = {**chat.me, "unread_count": chat.me["unread_count"] - 1}

    def _reaction(self, data: Frame, frame: Frame) -> None:
        chat = self.chats.get(data["conversation_id"])
        if chat is None or data["message_id"] not in chat.messages:
            return
        message = chat.messages[data["message_id"]]
        message["reactions"] = data["reactions"]
        if data["username"] == self.username:
            change = message["own"].add if frame["type"] == "add_reaction" else None
            (change or message["own"].discard)(data["emoji"])

    def _joined(self, data: Frame, frame: Frame) -> None:
        if chat := self.chats.get(data["conversation_id"]):
            chat.members |= set(data["usernames"])
            self.stale.add(data["conversation_id"])
            chat.data["member_count"] = data["member_count"]

    def _left(self, data: Frame, frame: Frame) -> None:
        chat = self.chats.get(data["conversation_id"])
        if chat is None:
            self._stranger(data, frame)
        elif data["username"] == self.username:
            del self.chats[data["conversation_id"]]
            self.incomplete.discard(data["conversation_id"])
            self.stale.discard(data["conversation_id"])
        else:
            chat.members.discard(data["username"])
            chat.places.pop(data["username"], None)
            chat.data["member_count"] = data["member_count"]

    def _named(self, data: Frame, frame: Frame) -> None:
        if chat := self.chats.get(data["conversation_id"]):
            chat.data |= {key: data[key] for key in ("name", "named", "topic") if key in data}

    def _role(self, data: Frame, frame: Frame) -> None:
        chat = self.chats.get(data["conversation_id"])
        if chat is not None and data["username"] == self.username:
            chat.me = {**chat.me, "role": data["role"]}

    def _own(self, data: Frame, frame: Frame) -> None:
        chat = self.chats.get(data["conversation_id"])
        if chat is not None and "me" in data:
            chat.me = data["me"]

    def _mark(self, data: Frame, frame: Frame) -> None:
        self._own(data, frame)
        chat = self.chats.get(data["conversation_id"])
        if chat is None:
            return
        if data["username"] not in chat.places and data["username"] != self.username:
            self.stale.add(data["conversation_id"])
        id_ = data["message_id"]
        chat.reached(data["username"], id_, id_ if frame["type"] == "mark_read" else 0)

    def _contact(self, data: Frame, frame: Frame) -> None:
        if frame.get("status") == "requested":
            return
        self.contacts[data["contact"]["username"]] = data["contact"]

    def _no_contact(self, data: Frame, frame: Frame) -> None:
        self.contacts.pop(data["username"], None)
        self.online.discard(data["username"])

    def _profile(self, data: Frame, frame: Frame) -> None:
        if data["username"] == self.username:
            self.profile = data
        elif data["username"] in self.contacts:
            self.contacts[data["username"]] = data

    def _presence(self, data: Frame, frame: Frame) -> None:
        change = self.online.add if data["is_online"] else self.online.discard
        change(data["username"])

    def _stranger(self, data: Frame, frame: Frame) -> None:
        if self.is_loaded:
            self.faults.append(
                f"{frame['type']} at {frame['at']} of a conversation not mine: {data}"
            )


Taker = Callable[[State, Frame, Frame], None]
TAKERS: dict[str, Taker] = {
    "create_conversation": State._conversation,
    "send_message": State._message,
    "forward_message": State._message,
    "edit_message": State._changed,
    "delete_message": State._changed,
    "pin_message": State._changed,
    "unpin_message": State._changed,
    "add_reaction": State._reaction,
    "remove_reaction": State._reaction,
    "add_members": State._joined,
    "remove_member": State._left,
    "leave_conversation": State._left,
    "rename_conversation": State._named,
    "set_topic": State._named,
    "set_role": State._role,
    "mark_read": State._mark,
    "mark_delivered": State._mark,
    "mark_unread": State._own,
    "mute_conversation": State._own,
    "archive_conversation": State._own,
    "add_contact": State._contact,
    "remove_contact": State._no_contact,
    "update_profile": State._profile,
    "user_status": State._presence,
}


def as_known(message: Frame) -> Frame:
    """A message as it is kept: without the quote, which only reads have, and with own reactions."""
    known = {key: value for key, value in message.items() if key not in {"quote", "me"}}
    known["own"] = set(message.get("me", {}).get("reactions", ()))
    return known
