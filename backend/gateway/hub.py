"""Who is connected, and to what: from rows of the log to sockets, without a query.

The hub is filled when a socket connects and kept true by the effects of the rows that pass
through it. It stands at one position of the log; everything up to there has been handed to the
outboxes of its sockets.
"""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from backend.gateway.pending_write import PendingWrite
from backend.gateway.presence import Presence, add_id, drop_id
from backend.handlers.base import Answer
from backend.protocol import frames
from backend.protocol.close_codes import CloseCode
from backend.store.batch import Commit, Done
from backend.store.log import Audience, Effect, LogRow, decode_effect
from backend.store.subscriptions import Subscriptions

if TYPE_CHECKING:
    from backend.gateway.connection import Connection


class Hub:
    """The sockets of this process, by conversation and by user."""

    def __init__(self, epoch: str, position: int, presence: Presence) -> None:
        self.epoch = epoch
        self.position = position
        self.presence = presence
        self._conversations: dict[int, set[Connection]] = {}
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []

    def join(self, connection: "Connection", subscriptions: Subscriptions) -> None:
        """Let a socket be live; to be called in the loop turn in which its roster is not behind.

        Rows up to the roster's position are not sent to it: it has them, or needs none.
        """
        user = self.presence.connect(connection, subscriptions)
        for conversation_id in user.conversations:
            self._conversations.setdefault(conversation_id, set()).add(connection)
        connection.seen = subscriptions.position

    def leave(self, connection: "Connection") -> None:
        """Let a socket be no more."""
        user = self.presence.disconnect(connection)
        for conversation_id in user.conversations if user else ():
            self._drop(conversation_id, (connection,))

    def connections(self) -> list["Connection"]:
        """Every live socket."""
        return [each for user in self.presence.users.values() for each in user.connections]

    def committed(self, commit: Commit) -> None:
        """Deliver the rows of a commit, and to each who wrote how it went, in the log's order."""
        rows = iter(commit.rows)
        row = next(rows, None)
        for done, settled in commit.settled:
            while row is not None and row.id <= settled.last_id:
                self._deliver(row, done, settled.value)
                row = next(rows, None)
            done(settled)
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

    def ephemeral(
        self, conversation_id: int, sender_id: int, key: tuple[object, ...], frame: bytes
    ) -> None:
        """Hand an ephemeral frame to a conversation's sockets, but not to its sender's."""
        for connection in self._conversations.get(conversation_id, ()):
            if connection.identity.user_id != sender_id:
                connection.outbox.ephemeral(key, frame)

    def _deliver(self, row: LogRow, done: Done | None = None, answer: object = None) -> None:
        """Hand a row to its sockets; who waits for it (`done`) gets it as the reply."""
        effect = decode_effect(row.effect) if row.effect is not None else None
        if effect is not None:
            self._before(row, effect)
        if row.audience != Audience.SERVER:
            at, skip = row.id, row.skip_user
            ending = frames.ending(row.body, self.epoch, at)
            asker = None
            if (
                isinstance(done, PendingWrite)
                and isinstance(answer, Answer)
                and answer.log_id == at
            ):
                asker = done.reply(at, answer, ending)
            head = frames.durable(row.type, ending)
            for connection in self._audience(row):
                if (
                    connection is not asker
                    and at > connection.seen
                    and (skip is None or skip != connection.identity.user_id)
                ):
                    connection.outbox.durable(at, head)
        self.position = row.id
        if effect is not None:
            self._after(row, effect)

    def _audience(self, row: LogRow) -> Iterable["Connection"]:
        if row.audience == Audience.CONVERSATION:
            return self._conversations.get(row.target, ())
        if row.audience == Audience.USER:
            user = self.presence.users.get(row.target)
            return user.connections if user is not None else ()
        return [each for user in self.presence.watchers(row.target) for each in user.connections]

    def _before(self, row: LogRow, effect: Effect) -> None:
        for user_id in effect.join:
            user = self.presence.users.get(user_id)
            if user is not None:
                add_id(user.conversations, row.target)
                if user.connections:
                    here = self._conversations.setdefault(row.target, set())
                    here.update(user.connections)

    def _after(self, row: LogRow, effect: Effect) -> None:
        for user_id in effect.leave:
            user = self.presence.users.get(user_id)
            if user is not None:
                drop_id(user.conversations, row.target)
                self._drop(row.target, user.connections)
        if effect.contacts is not None:
            self.presence.befriend(*effect.contacts)
        if effect.strangers is not None:
            self.presence.estrange(*effect.strangers)
        if effect.hide_presence is not None:
            self.presence.hide(effect.user, effect.hide_presence)
        if row.audience == Audience.SERVER:
            self._session(effect)

    def _session(self, effect: Effect) -> None:
        user = self.presence.users.get(effect.user)
        for connection in list(user.connections) if user is not None else ():
            session_id = connection.identity.session_id
            if effect.session not in {0, session_id} or (effect.keep and effect.keep == session_id):
                continue
            if effect.expires_at:
                connection.identity = connection.identity._replace(expires_at=effect.expires_at)
            else:
                connection.close(CloseCode.SESSION_ENDED, effect.reason or "logged out")

    def _drop(self, conversation_id: int, connections: Iterable["Connection"]) -> None:
        here = self._conversations.get(conversation_id)
        if here is not None:
            here.difference_update(connections)
            if not here:
                del self._conversations[conversation_id]

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for position, future in waiting:
            if position > self.position:
                self._waiting.append((position, future))
            elif not future.done():
                future.set_result(None)
