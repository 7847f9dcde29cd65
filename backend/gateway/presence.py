"""Who is online: whoever has a socket, or had one a moment ago.

Held in memory only, so after a crash nobody is left online.
"""

import asyncio
from array import array
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from backend.gateway.rate_limit import RateLimiter
from backend.protocol import frames
from backend.protocol.presence import UserStatus
from backend.store.log import now_ms
from backend.store.subscriptions import Subscriptions

if TYPE_CHECKING:
    from backend.gateway.connection import Connection

Gone = Callable[[int, int, Callable[[], None]], None]


def add_id(ids: "array[int]", each: int) -> None:
    """Put an id among others, once."""
    if each not in ids:
        ids.append(each)


def drop_id(ids: "array[int]", each: int) -> None:
    """Take an id out, if it is there."""
    if each in ids:
        ids.remove(each)


class OnlineUser:
    """A user with sockets here, and what the hub needs to know of them."""

    __slots__ = (
        "connections", "contacts", "conversations", "going", "hidden", "id", "rate_limiter",
        "username",
    )  # fmt: skip

    def __init__(self, subscriptions: Subscriptions, rate: float, burst: int) -> None:
        self.id = subscriptions.identity.user_id
        self.username = subscriptions.identity.username
        self.connections: list[Connection] = []
        # arrays: a set of ints takes ten times as much, and there is one of each per user
        self.conversations = array("q", subscriptions.conversations)
        self.contacts = array("q", subscriptions.contacts)
        self.hidden = subscriptions.hide_presence
        self.rate_limiter = RateLimiter(rate, burst)
        self.going: asyncio.TimerHandle | None = None


class Presence:
    """The users who are online, and telling their contacts."""

    def __init__(self, grace: float, rate: float, burst: int, gone: Gone) -> None:
        """`gone` is called when a user goes offline, to note it: with their id, the time in
        milliseconds, and what to call when that is on disk."""
        self.users: dict[int, OnlineUser] = {}
        self._grace = grace
        self._rate = rate
        self._burst = burst
        self._gone = gone
        self._loop = asyncio.get_running_loop()

    def is_online(self, user_id: int) -> bool:
        """Whether the user has a socket, or had one within the grace time."""
        return user_id in self.users

    def connect(self, connection: "Connection", subscriptions: Subscriptions) -> OnlineUser:
        """Note a socket; the first one of a user is told to their contacts."""
        user = self.users.get(subscriptions.identity.user_id)
        if user is None:
            user = OnlineUser(subscriptions, self._rate, self._burst)
            self.users[user.id] = user
            if not user.hidden:
                self._tell_contacts(user, True)
        elif user.going is not None:
            user.going.cancel()
            user.going = None
        user.connections.append(connection)
        connection.user = user
        return user

    def disconnect(self, connection: "Connection") -> OnlineUser | None:
        """Note the end of a socket; the last one of a user ends their presence after the grace."""
        user = self.users.get(connection.identity.user_id)
        if user is None or connection not in user.connections:
            return None
        user.connections.remove(connection)
        if not user.connections:
            user.going = self._loop.call_later(self._grace, self._leave, user)
        return user

    def watchers(self, user_id: int) -> Iterable[OnlineUser]:
        """The user, and those of their contacts who are online."""
        user = self.users.get(user_id)
        if user is None:
            return [each for each in self.users.values() if user_id in each.contacts]
        return [*self._online(user.contacts)]

    def online_contacts(self, subscriptions: Subscriptions) -> tuple[str, ...]:
        """The usernames of those contacts who are online and do not hide it, in order."""
        online = self._online(subscriptions.contacts)
        return tuple(sorted(each.username for each in online if not each.hidden))

    def correct(
        self, connection: "Connection", told: tuple[str, ...], subscriptions: Subscriptions
    ) -> None:
        """Tell a socket what has changed since it was told which contacts are online."""
        before, now = set(told), set(self.online_contacts(subscriptions))
        for username in sorted(before ^ now):
            last_online = None if username in now else now_ms() // 1000
            frame = _status_frame(username, username in now, last_online)
            connection.outbox.ephemeral(("user_status", username), frame)

    def befriend(self, user_id: int, other_id: int) -> None:
        """Two users are contacts now; each learns whether the other is online."""
        self._pair(user_id, other_id, add_id)
        for one, other in ((user_id, other_id), (other_id, user_id)):
            user, watcher = self.users.get(one), self.users.get(other)
            if user is not None and watcher is not None and not user.hidden:
                self._tell((watcher,), user.username, True, None)

    def estrange(self, user_id: int, other_id: int) -> None:
        """Two users are contacts no more."""
        self._pair(user_id, other_id, drop_id)

    def hide(self, user_id: int, hidden: bool) -> None:
        """A user hides their presence or shows it; to their contacts they go or come."""
        user = self.users.get(user_id)
        if user is not None and user.hidden != hidden:
            user.hidden = hidden
            self._tell_contacts(user, not hidden)

    def _pair(
        self, user_id: int, other_id: int, change: Callable[["array[int]", int], None]
    ) -> None:
        for one, other in ((user_id, other_id), (other_id, user_id)):
            user = self.users.get(one)
            if user is not None:
                change(user.contacts, other)

    def _leave(self, user: OnlineUser) -> None:
        user.going = None
        del self.users[user.id]
        now = now_ms()
        self._gone(user.id, now, lambda: self._tell_gone(user, now // 1000))

    def _tell_gone(self, user: OnlineUser, last_online: int) -> None:
        """Once it is on disk when they were last here, unless they are back already."""
        if not user.hidden and user.id not in self.users:
            self._tell_contacts(user, False, last_online)

    def _online(self, user_ids: Iterable[int]) -> Iterable[OnlineUser]:
        users = self.users
        return (users[each] for each in user_ids if each in users)

    def _tell_contacts(
        self, user: OnlineUser, is_online: bool, last_online: int | None = None
    ) -> None:
        self._tell(self._online(user.contacts), user.username, is_online, last_online)

    def _tell(
        self, watchers: Iterable[OnlineUser], username: str, is_online: bool, last: int | None
    ) -> None:
        frame = _status_frame(username, is_online, last)
        for watcher in watchers:
            for connection in watcher.connections:
                connection.outbox.ephemeral(("user_status", username), frame)


def _status_frame(username: str, is_online: bool, last_online: int | None) -> bytes:
    status = UserStatus(username=username, is_online=is_online, last_online=last_online)
    return frames.plain("user_status", frames.encode(status))
