"""From rows of the log to sockets, without a query.

The hub stands at one position of the log; everything up to there has been handed to the outboxes of
its sockets. What rows change in the server's memory (who is a member, watches whom, is logged in)
it has changed by then too: joining before the row is delivered, leaving after it.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Hashable

import msgspec

from backend.gateway.presence import Presence
from backend.gateway.registry import OnlineUser, Registry, Socket
from backend.gateway.typists import Typists
from backend.handlers.base import TYPING_MS, Ephemeral
from backend.peers import Peers
from backend.protocol import frames
from backend.protocol.close_codes import CloseCode
from backend.store.batch import Commit
from backend.store.epochs import Begun
from backend.store.log import Audience, Effect, LogRow, decode_effect
from backend.store.subscriptions import Subscriptions

TOPIC = "said"
MANY = 100  # sockets; to so many, what is said within a moment is written at once
MOMENT_SECONDS = 0.1


class Said(msgspec.Struct, array_like=True, frozen=True):
    """An ephemeral push as nodes pass it on."""

    type: str
    conversation_id: int
    sender_id: int
    left_out: tuple[int, ...]
    data: msgspec.Raw

    @property
    def key(self) -> tuple[str, int, int]:
        """What has the same takes its place where it waits."""
        return self.type, self.conversation_id, self.sender_id

    @property
    def frame(self) -> bytes:
        """What is sent."""
        return frames.plain(self.type, bytes(self.data))


class Hub:
    """Hands rows of the log to the sockets of this process."""

    def __init__(
        self, epoch: str, position: int, registry: Registry, presence: Presence, peers: Peers
    ) -> None:
        self.epoch = epoch
        self.position = position
        self._registry = registry
        self._presence = presence
        self._peers = peers
        self._typists = Typists(TYPING_MS / 1000)
        self._unsaid: dict[int, dict[Hashable, Said]] = {}
        peers.hear(TOPIC, Said, lambda _, said: self._say(said))
        self.on_begun: Callable[[Begun], None] = lambda begun: None
        """Called before a commit that is the first of an epoch."""
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []

    def join(self, socket: Socket, subscriptions: Subscriptions) -> OnlineUser:
        """Let a socket be live, in the loop turn in which its subscriptions are not behind.

        Rows up to their position are not sent to it: it has them, or needs none.
        """
        user = self._presence.came(subscriptions)
        self._registry.add(user, socket)
        self._presence.changed(user)
        return user

    def leave(self, socket: Socket) -> None:
        """Let a socket be no more."""
        user = self._registry.discard(socket)
        if user is None:
            return
        self._presence.changed(user)
        if not user.sockets:
            self._presence.went(user)

    def committed(self, commit: Commit) -> None:
        """Deliver the rows of a commit, and to each who wrote how it went, in the log's order."""
        if commit.begun is not None:
            self.on_begun(commit.begun)
        rows = iter(commit.rows)
        row = next(rows, None)
        for done, settled in commit.settled:
            log_id = settled.log_id
            until = settled.last_id + 1 if log_id is None else log_id
            while row is not None and row.id < until:
                self._deliver(row)
                row = next(rows, None)
            if row is not None and row.id == log_id:
                shared = frames.shared_part(row.body, self.epoch, row.id)
                done(settled, shared)  # who asked gets it here, and not again with everybody
                self._deliver(row, shared)
                row = next(rows, None)
            else:
                done(settled, None)
        while row is not None:
            self._deliver(row)
            row = next(rows, None)
        self.position = max(self.position, commit.position)
        self._wake()

    async def reached(self, position: int) -> None:
        """Return once everything up to a position has been delivered."""
        if self.position < position:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((position, future))
            await future

    def ephemeral(self, sender_id: int, ephemeral: Ephemeral) -> None:
        """Hand an ephemeral push to the other members of a conversation who are online."""
        conversation_id, now = ephemeral.conversation_id, time.monotonic()
        if not self._typists.is_told(conversation_id, sender_id, now, active=ephemeral.active):
            return
        data = msgspec.Raw(frames.encode(ephemeral.data))
        left_out = (sender_id, *ephemeral.left_out)
        said = Said(ephemeral.type, ephemeral.conversation_id, sender_id, left_out, data)
        self._say(said)
        self._peers.tell(TOPIC, said.key, said)

    def _say(self, said: Said) -> None:
        """Say it now; to many, together with what else is said within a moment.

        A write to each of ten thousand costs more than what is written.
        """
        conversation_id = said.conversation_id
        unsaid = self._unsaid.setdefault(conversation_id, {})
        unsaid.pop(said.key, None)
        unsaid[said.key] = said
        if len(self._registry.of_conversation(conversation_id)) < MANY:
            self._say_all(conversation_id)
        elif len(unsaid) == 1:
            loop = asyncio.get_running_loop()
            loop.call_later(MOMENT_SECONDS, self._say_all, conversation_id)

    def _say_all(self, conversation_id: int) -> None:
        unsaid = [(each, each.frame) for each in self._unsaid.pop(conversation_id, {}).values()]
        together = b"".join(frame for _, frame in unsaid)
        left_out = {user_id for said, _ in unsaid for user_id in said.left_out}
        apart = {socket for user_id in left_out for socket in self._registry.of_user(user_id)}
        for socket in self._registry.of_conversation(conversation_id) if unsaid else ():
            if socket not in apart and socket.outbox.fleeting(together):
                continue
            user_id = socket.identity.user_id
            mine = [(said.key, frame) for said, frame in unsaid if user_id not in said.left_out]
            if mine and not socket.outbox.fleeting(b"".join(frame for _, frame in mine)):
                for key, frame in mine:
                    socket.outbox.ephemeral(key, frame)

    def _deliver(self, row: LogRow, shared: bytes | None = None) -> None:
        """Hand a row to the sockets of its audience; `shared` is what they all get of it."""
        if row.target in self._unsaid:  # who typed before they wrote is told of before it
            self._say_all(row.target)
        effect = decode_effect(row.effect) if row.effect is not None else None
        if effect is not None:
            for user_id in effect.join:
                self._registry.join(row.target, user_id)
        sockets = self._audience(row, effect)
        if sockets:  # of most rows nobody is here, where there are many nodes
            at = row.id
            head = frames.durable(row.type, shared or frames.shared_part(row.body, self.epoch, at))
            for socket in sockets:
                if at > socket.sequencer.gate:
                    socket.outbox.durable(head)
                else:
                    socket.sequencer.hold(at, head)
        self.position = row.id
        if effect is not None:
            self._after(row, effect)

    def _audience(self, row: LogRow, effect: Effect | None) -> Collection[Socket]:
        if row.audience == Audience.CONVERSATION:  # nearly all are
            sockets, skip = self._registry.of_conversation(row.target), row.skip_user
            left_out = effect.skip if effect is not None else ()
            if skip is None and not left_out:
                return sockets
            without = {skip, *left_out}
            return [each for each in sockets if each.identity.user_id not in without]
        if row.audience == Audience.SERVER:
            return ()
        if row.audience == Audience.USER:
            return self._registry.of_user(row.target)
        if row.audience == Audience.WATCHERS:
            return self._registry.of_watchers(row.target, effect.told if effect is not None else ())
        assert row.audience == Audience.NEWCOMERS, row
        joined = effect.join if effect is not None else ()
        return [each for user_id in joined for each in self._registry.of_user(user_id)]

    def _after(self, row: LogRow, effect: Effect) -> None:
        for user_id in effect.leave:
            self._registry.part(row.target, user_id)
        if effect.watchers is not None:
            self._registry.acquaint(*effect.watchers)
            self._presence.introduce(*effect.watchers)
        if effect.strangers is not None:
            self._presence.part(*effect.strangers)
            self._registry.estrange(*effect.strangers)
        if effect.hide_presence is not None:
            self._presence.hide(effect.user, effect.hide_presence, effect.told)
        if row.audience == Audience.SERVER:
            self._end_sessions(effect)

    def _end_sessions(self, effect: Effect) -> None:
        for socket in list(self._registry.of_user(effect.user)):
            session_id = socket.identity.session_id
            if effect.session not in {0, session_id} or (effect.keep and effect.keep == session_id):
                continue
            if effect.expires_at:
                socket.renew(effect.expires_at)
            else:
                socket.close(CloseCode.SESSION_ENDED, effect.reason or "logged out")

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for position, future in waiting:
            if position > self.position:
                self._waiting.append((position, future))
            elif not future.done():
                future.set_result(None)
