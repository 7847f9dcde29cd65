"""Who is online is told here: whoever has a socket, or had one within the grace time.

Held in memory only, so after a crash nobody is left online. Every node tells the watchers it has,
of who comes and goes at any.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

import msgspec

from backend.gateway.elsewhere import TOPIC, Here
from backend.gateway.outbox import FLUSH_SECONDS
from backend.gateway.registry import OnlineUser, Registry, Socket
from backend.peers import Peers
from backend.protocol import frames
from backend.protocol.presence import UserStatus
from backend.store.log import now_ms
from backend.store.subscriptions import Subscriptions

RETRY_SECONDS = 1.0
EXPECTED_SECONDS = 2.0
MOMENT_SECONDS = 0.1
AT_ONCE = 20

Note = Callable[[int, int, Callable[[bool], None]], None]


class Presence:
    """Tells the watchers of users that they come and go."""

    def __init__(self, registry: Registry, grace: float, note: Note, peers: Peers) -> None:
        """`grace` is in seconds; `note` writes down who was last here when.

        It is called with their id, the time in milliseconds, and what to call when that is over:
        with whether it is on disk.
        """
        self._registry = registry
        self._grace = grace
        self._note = note
        self._peers = peers
        self._expected: dict[int, list[int]] = {}
        self._going: dict[int, asyncio.TimerHandle] = {}
        self._loop = asyncio.get_running_loop()
        self._teller = Teller()

    def came(self, subscriptions: Subscriptions) -> OnlineUser:
        """A user has a socket; who was not online before is told to be."""
        going = self._going.pop(subscriptions.identity.user_id, None)
        if going is not None:
            going.cancel()
        is_news = not self._registry.is_online(subscriptions.identity.user_id)
        user = self._registry.enter(subscriptions)
        self.hide(user.id, subscriptions.hide_presence)  # which the hub may not know yet
        if is_news and not user.hidden:
            self._tell_watchers(user, True)
        return user

    def changed(self, user: OnlineUser) -> None:
        """A user's sockets here are others than before: the other nodes are told."""
        opened = tuple(socket.opened_at for socket in user.sockets)
        self._tell_nodes(Here(user.id, user.username, user.hidden, True, opened), user)

    def went(self, user: OnlineUser) -> None:
        """A user has no socket any more; after the grace time they are gone."""
        self._going[user.id] = self._loop.call_later(self._grace, self._leave, user, now_ms())

    def online_watchers(self, subscriptions: Subscriptions) -> tuple[str, ...]:
        """The usernames of those watchers who are online and do not hide it, in order."""
        return tuple(sorted(self._registry.shown_of(subscriptions.watchers)))

    def correct(self, socket: Socket, told: tuple[str, ...], subscriptions: Subscriptions) -> None:
        """Tell a socket what has changed since it was told who is online."""
        before, now = set(told), set(self._registry.shown_of(subscriptions.watchers))
        for username in sorted(before ^ now):
            last_online = None if username in now else now_ms() // 1000
            self._teller.tell((socket,), username, username in now, last_online)

    def introduce(self, user_id: int, other_id: int) -> None:
        """Two users watch each other: each learns whether the other is online."""
        for one, other in ((user_id, other_id), (other_id, user_id)):
            username = self._registry.shown(one)
            if username is not None:
                self._teller.tell(self._registry.of_user(other), username, True)
            elif self._peers.is_open:  # who has just come elsewhere may not have been heard of
                self._expected.setdefault(one, []).append(other)
                self._loop.call_later(EXPECTED_SECONDS, self._expected.pop, one, None)

    def part(self, user_id: int, other_id: int) -> None:
        """Two users are about to be told of each other no more: to each the other goes."""
        for one, other in ((user_id, other_id), (other_id, user_id)):
            username, watcher = self._registry.shown(one), self._registry.users.get(other)
            if username is not None and watcher is not None and one in watcher.watchers:
                self._teller.tell(watcher.sockets, username, False)

    def hide(self, user_id: int, hidden: bool, told: Iterable[int] = ()) -> None:
        """A user hides their presence or shows it; to their watchers they go or come.

        `told` are these, of a user who is not here.
        """
        user, away = self._registry.users.get(user_id), self._registry.elsewhere.find(user_id)
        found = user or away
        if found is None or found.hidden == hidden:
            return
        if away is not None:
            away.hidden = hidden
        if user is not None:
            user.hidden = hidden
        self._teller.tell(self._registry.of_watchers(user_id, told), found.username, not hidden)
        if user is not None:
            self.changed(user)

    def heard(self, node: str, here: Here) -> None:
        """Another node tells how it has a user now; who watches them here is told what is new."""
        before = self._registry.shown(here.user_id)
        self._registry.elsewhere.put(node, here)
        if before != self._registry.shown(here.user_id):
            told = {*here.watchers, *self._expected.pop(here.user_id, ())}
            sockets = [each for one in self._registry.online(told) for each in one.sockets]
            self._teller.tell(sockets, here.username, before is None, here.last_online)

    def seek(self) -> None:
        """Everybody is looked for from here on: what is heard before they are found is newer."""
        self._registry.elsewhere.seek()

    def found(self, present: Iterable[tuple[str, Here]]) -> None:
        """This is everybody who is online elsewhere; who watches them here is told what is new."""
        users = self._registry.users
        news = self._registry.elsewhere.replace(present)
        for user in users.values():
            for each in user.watchers:
                if each in news and each not in users:
                    is_online = self._registry.shown(each) is not None
                    self._teller.tell(user.sockets, news[each], is_online)

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
                return
            gone = Here(user.id, user.username, user.hidden, False, last_online=when // 1000)
            self._tell_nodes(gone, user)
            if not user.hidden and not self._registry.is_online(user.id):
                self._tell_watchers(user, False, when // 1000)

        self._note(user.id, when, noted)

    def _tell_watchers(
        self, user: OnlineUser, is_online: bool, last_online: int | None = None
    ) -> None:
        sockets = [
            socket for each in self._registry.online(user.watchers) for socket in each.sockets
        ]
        self._teller.tell(sockets, user.username, is_online, last_online)

    def _tell_nodes(self, here: Here, user: OnlineUser) -> None:
        if self._peers.is_open:
            told = msgspec.structs.replace(here, watchers=tuple(user.watchers))
            self._peers.tell(TOPIC, user.id, told)


class Teller:
    """Tells sockets who comes and goes: at once, and when many do, those of a moment together.

    When thousands come back, each is told of hundreds one by one, and a write costs more than what
    is written.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._untold: deque[tuple[tuple[Socket, ...], str, bytes]] = deque()
        self._at_once = 0  # how many were, in this moment

    def tell(
        self,
        sockets: Iterable[Socket],
        username: str,
        is_online: bool,
        last_online: int | None = None,
    ) -> None:
        """Let these sockets know, after what they were told before."""
        told = tuple(sockets)
        if not told:
            return
        status = UserStatus(username=username, is_online=is_online, last_online=last_online)
        self._untold.append((told, username, frames.plain("user_status", frames.encode(status))))
        if self._at_once == 0:
            self._loop.call_later(MOMENT_SECONDS, self._next_moment)
        if self._at_once < AT_ONCE:
            self._at_once += 1
            self._tell_next()

    def _tell_next(self) -> None:
        sockets, username, frame = self._untold.popleft()
        for socket in sockets:
            socket.outbox.ephemeral(("user_status", username), frame)

    def _next_moment(self) -> None:
        """Tell what waits, a few milliseconds of it per loop turn; then there is a new moment."""
        deadline = self._loop.time() + FLUSH_SECONDS
        while self._untold and self._loop.time() < deadline:
            self._tell_next()
        if self._untold:
            self._loop.call_soon(self._next_moment)
        else:
            self._at_once = 0
