"""Who is online is told here: whoever has a socket, or had one within the grace time.

Held in memory only, so after a crash nobody is left online.
"""

import asyncio
from collections.abc import Callable, Iterable

from backend.gateway.registry import OnlineUser, Registry, Socket
from backend.protocol import frames
from backend.protocol.presence import UserStatus
from backend.store.log import now_ms
from backend.store.subscriptions import Subscriptions

RETRY_SECONDS = 1.0

Note = Callable[[int, int, Callable[[bool], None]], None]


class Presence:
    """Tells the watchers of users that they come and go."""

    def __init__(self, registry: Registry, grace: float, note: Note) -> None:
        """`grace` is in seconds; `note` writes down who was last here when.

        It is called with their id, the time in milliseconds, and what to call when that is over:
        with whether it is on disk.
        """
        self._registry = registry
        self._grace = grace
        self._note = note
        self._going: dict[int, asyncio.TimerHandle] = {}
        self._loop = asyncio.get_running_loop()

    def came(self, subscriptions: Subscriptions) -> OnlineUser:
        """A user has a socket; who was not online before is told to be."""
        going = self._going.pop(subscriptions.identity.user_id, None)
        if going is not None:
            going.cancel()
        is_news = subscriptions.identity.user_id not in self._registry.users
        user = self._registry.enter(subscriptions)
        if is_news and not user.hidden:
            self._tell_watchers(user, True)
        return user

    def went(self, user: OnlineUser) -> None:
        """A user has no socket any more; after the grace time they are gone."""
        self._going[user.id] = self._loop.call_later(self._grace, self._leave, user, now_ms())

    def online_watchers(self, subscriptions: Subscriptions) -> tuple[str, ...]:
        """The usernames of those watchers who are online and do not hide it, in order."""
        online = self._registry.online(subscriptions.watchers)
        return tuple(sorted(each.username for each in online if not each.hidden))

    def correct(self, socket: Socket, told: tuple[str, ...], subscriptions: Subscriptions) -> None:
        """Tell a socket what has changed since it was told who is online."""
        before, now = set(told), set(self.online_watchers(subscriptions))
        for username in sorted(before ^ now):
            last_online = None if username in now else now_ms() // 1000
            _tell((socket,), username, username in now, last_online)

    def introduce(self, user_id: int, other_id: int) -> None:
        """Two users watch each other: each learns whether the other is online."""
        for one, other in ((user_id, other_id), (other_id, user_id)):
            user = self._registry.users.get(one)
            if user is not None and not user.hidden:
                _tell(self._registry.of_user(other), user.username, True)

    def part(self, user_id: int, other_id: int) -> None:
        """Two users are about to be told of each other no more: to each the other goes."""
        for one, other in ((user_id, other_id), (other_id, user_id)):
            user = self._registry.users.get(one)
            if user is not None and not user.hidden and other in user.watchers:
                _tell(self._registry.of_user(other), user.username, False)

    def hide(self, user_id: int, hidden: bool) -> None:
        """A user hides their presence or shows it; to their watchers they go or come."""
        user = self._registry.users.get(user_id)
        if user is not None and user.hidden != hidden:
            user.hidden = hidden
            self._tell_watchers(user, not hidden)

    def _leave(self, user: OnlineUser, when: int) -> None:
        """Let a user be gone; they were last here before the grace time, in Unix milliseconds."""
        del self._going[user.id]
        self._registry.exit(user)
        self._note_gone(user, when)

    def _note_gone(self, user: OnlineUser, when: int) -> None:
        """Tell it once it is on disk when they were last here, unless they are back already."""

        def noted(is_on_disk: bool) -> None:
            if user.id in self._registry.users:
                return
            if not is_on_disk:
                self._loop.call_later(RETRY_SECONDS, self._note_gone, user, when)
            elif not user.hidden:
                self._tell_watchers(user, False, when // 1000)

        self._note(user.id, when, noted)

    def _tell_watchers(
        self, user: OnlineUser, is_online: bool, last_online: int | None = None
    ) -> None:
        sockets = [
            socket for each in self._registry.online(user.watchers) for socket in each.sockets
        ]
        _tell(sockets, user.username, is_online, last_online)


def _tell(
    sockets: Iterable[Socket], username: str, is_online: bool, last_online: int | None = None
) -> None:
    status = UserStatus(username=username, is_online=is_online, last_online=last_online)
    frame = frames.plain("user_status", frames.encode(status))
    for socket in sockets:
        socket.outbox.ephemeral(("user_status", username), frame)
