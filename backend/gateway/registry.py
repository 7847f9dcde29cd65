"""Who is connected here, and to what: users, their sockets, their conversations and watchers.

Filled when a socket connects and kept true by the rows that pass through the hub; nobody is looked
up in the database. Users stay for a while after their last socket (presence says how long).
"""

import threading
from array import array
from collections.abc import Collection, Iterable
from typing import Protocol

from backend.gateway.elsewhere import Elsewhere
from backend.gateway.outbox import Outbox
from backend.gateway.sequencer import Sequencer
from backend.protocol.close_codes import CloseCode
from backend.store.sessions import Identity
from backend.store.subscriptions import Subscriptions


class Socket(Protocol):
    """A live socket, as far as those who send to it know it."""

    @property
    def handled(self) -> int:
        """How many frames have come."""

    @property
    def identity(self) -> Identity:
        """Whose session it is."""

    @property
    def outbox(self) -> Outbox:
        """Where its frames go."""

    @property
    def sequencer(self) -> Sequencer:
        """What keeps them in order."""

    @property
    def opened_at(self) -> int:
        """When it was opened, in Unix milliseconds."""

    def renew(self, expires_at: int) -> None:
        """Let its session end at another time, in Unix seconds."""

    def close(self, code: CloseCode, reason: str) -> None:
        """Begin to close it."""


class OnlineUser:
    """A user who is online here, and what is told to whom because of them."""

    __slots__ = ("conversations", "hidden", "id", "sockets", "username", "watchers")

    def __init__(self, subscriptions: Subscriptions) -> None:
        self.id = subscriptions.identity.user_id
        self.username = subscriptions.identity.username
        self.sockets: list[Socket] = []
        self.hidden = subscriptions.hide_presence
        self.subscribe(subscriptions)

    def subscribe(self, subscriptions: Subscriptions) -> None:
        """Be in these conversations, with these watchers."""
        # arrays: a set of ints takes ten times as much, and there is one of each per user
        self.conversations = array("q", subscriptions.conversations)
        self.watchers = array("q", subscriptions.watchers)


class Registry:
    """The users who are online here, and the sockets of every conversation.

    Changed in the event loop only; `is_online` may be asked from any thread.
    """

    def __init__(self) -> None:
        self.users: dict[int, OnlineUser] = {}
        self.elsewhere = Elsewhere()
        self._conversations: dict[int, set[Socket]] = {}
        self._lock = threading.Lock()

    def is_online(self, user_id: int) -> bool:
        """Whether the user has a socket, here or elsewhere, or had one a moment ago."""
        with self._lock:
            return user_id in self.users or self.elsewhere.find(user_id) is not None

    def shown(self, user_id: int) -> str | None:
        """The username of a user who is online, here or elsewhere, and does not hide it."""
        found = self.users.get(user_id) or self.elsewhere.find(user_id)
        return found.username if found is not None and not found.hidden else None

    def shown_of(self, user_ids: Collection[int]) -> list[str]:
        """The usernames of those of the users who are online, here or elsewhere, and show it."""
        here = [user.username for user in self.online(user_ids) if not user.hidden]
        away = self.elsewhere.among(user_ids)
        return here + [
            found.username
            for user_id, found in away.items()
            if user_id not in self.users and not found.hidden
        ]

    def enter(self, subscriptions: Subscriptions) -> OnlineUser:
        """Note that a user is there; who has sockets already stays as they are.

        For the others the subscriptions count: they are not behind, and of the history that is.
        """
        user = self.users.get(subscriptions.identity.user_id)
        if user is None:
            user = OnlineUser(subscriptions)
            with self._lock:
                self.users[user.id] = user
        elif not user.sockets:
            user.subscribe(subscriptions)
        return user

    def exit(self, user: OnlineUser) -> None:
        """Note that a user without sockets is gone."""
        with self._lock:
            del self.users[user.id]

    def add(self, user: OnlineUser, socket: Socket) -> None:
        """Note a socket of a user who is there."""
        user.sockets.append(socket)
        for conversation_id in user.conversations:
            self._conversations.setdefault(conversation_id, set()).add(socket)

    def discard(self, socket: Socket) -> OnlineUser | None:
        """Forget a socket; gives its user, None when it was not known."""
        user = self.users.get(socket.identity.user_id)
        if user is None or socket not in user.sockets:
            return None
        user.sockets.remove(socket)
        for conversation_id in user.conversations:
            self._drop(conversation_id, (socket,))
        return user

    def sockets(self) -> list[Socket]:
        """Every live socket."""
        return [socket for user in self.users.values() for socket in user.sockets]

    def of_user(self, user_id: int) -> Collection[Socket]:
        """The sockets of a user."""
        user = self.users.get(user_id)
        return user.sockets if user is not None else ()

    def of_conversation(self, conversation_id: int) -> Collection[Socket]:
        """The sockets of a conversation's members."""
        return self._conversations.get(conversation_id, ())

    def of_watchers(self, user_id: int, told: Iterable[int]) -> list[Socket]:
        """The sockets of those who are told of the user: contacts and partners.

        `told` are those of a user who is not here.
        """
        user = self.users.get(user_id)
        watchers = self.online(told if user is None else user.watchers)
        return [socket for watcher in watchers for socket in watcher.sockets]

    def online(self, user_ids: Iterable[int]) -> list[OnlineUser]:
        """Those of the users who are online."""
        users = self.users
        return [users[each] for each in user_ids if each in users]

    def join(self, conversation_id: int, user_id: int) -> None:
        """A user is a member now."""
        user = self.users.get(user_id)
        if user is not None:
            _put(user.conversations, conversation_id)
            if user.sockets:
                self._conversations.setdefault(conversation_id, set()).update(user.sockets)

    def part(self, conversation_id: int, user_id: int) -> None:
        """A user is a member no more."""
        user = self.users.get(user_id)
        if user is not None:
            _take(user.conversations, conversation_id)
            self._drop(conversation_id, user.sockets)

    def acquaint(self, user_id: int, other_id: int) -> None:
        """Two users are told of each other now."""
        for user in self.online((user_id, other_id)):
            _put(user.watchers, other_id if user.id == user_id else user_id)

    def estrange(self, user_id: int, other_id: int) -> None:
        """Two users are told of each other no more."""
        for user in self.online((user_id, other_id)):
            _take(user.watchers, other_id if user.id == user_id else user_id)

    def _drop(self, conversation_id: int, sockets: Iterable[Socket]) -> None:
        here = self._conversations.get(conversation_id)
        if here is not None:
            here.difference_update(sockets)
            if not here:
                del self._conversations[conversation_id]


def _put(ids: "array[int]", each: int) -> None:
    if each not in ids:
        ids.append(each)


def _take(ids: "array[int]", each: int) -> None:
    if each in ids:
        ids.remove(each)
