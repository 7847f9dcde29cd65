"""The one exit of a socket: every reply and every error goes out here, in its turn."""

import asyncio
from collections.abc import Awaitable

from backend.gateway.outbox import Outbox
from backend.gateway.sequencer import Sequencer
from backend.handlers.base import Answer
from backend.protocol import frames
from backend.protocol.errors import Refused

Ref = str | int | None


class Replies:
    """Puts what one socket is answered into its outbox, in the order its sequencer keeps."""

    __slots__ = ("_outbox", "_sequencer", "_waiting", "epoch")

    def __init__(self, outbox: Outbox, sequencer: Sequencer, epoch: str) -> None:
        self._outbox = outbox
        self._sequencer = sequencer
        self.epoch = epoch
        self._waiting: asyncio.Future[None] | None = None

    async def turn(self) -> None:
        """Return once every request that is under way has been replied to."""
        while not self._sequencer.may_answer:
            await self._wait()

    def begin_write(self) -> Awaitable[None] | None:
        """Count a write that is to be replied to; gives what to await before one more, if any."""
        return None if self._sequencer.begin_write() else self._wait()

    def end_write(
        self, type_: str, ref: Ref, outcome: Answer | Refused, shared: bytes | None
    ) -> None:
        """Reply to the oldest write: in its place, by what all get of its row, if it has one."""
        log_id = None
        if isinstance(outcome, Refused):
            self.refuse(type_, ref, outcome)
        elif shared is None:
            self._outbox.frame(answer_frame(type_, ref, outcome))
        else:
            self._durable(type_, ref, outcome, shared)
            log_id = outcome.log_id
        if self._sequencer.end_write(log_id):
            self._wake()

    def begin_read(self) -> None:
        """Keep rows back until the read is over."""
        self._sequencer.begin_read()

    def end_read(self, at: int | None, frame: bytes | None) -> None:
        """Let rows go, with the reply to a read made at `at` in its place; an error comes last."""
        order = self._sequencer.end_read(at)
        for head in order.before:
            self._outbox.durable(head)
        if frame is not None:
            self._outbox.frame(frame)
        for head in order.after:
            self._outbox.durable(head)
        self._wake()

    def answer(self, type_: str, ref: Ref, answer: Answer, position: int) -> None:
        """Reply with what is no row; `position` is how far the log has been delivered."""
        if answer.with_cursor:
            at = self._sequencer.cursor_at(position)
            shared = frames.shared_part(frames.encode(answer.data), self.epoch, at)
            self._durable(type_, ref, answer, shared)
        else:
            self._outbox.frame(answer_frame(type_, ref, answer))

    def refuse(self, type_: str, ref: Ref, refused: Refused) -> None:
        """Reply with an error."""
        self._outbox.frame(frames.error(type_, ref, refused))

    def _durable(self, type_: str, ref: Ref, answer: Answer, shared: bytes) -> None:
        fields = frames.reply_fields(ref, answer.extras)
        self._outbox.durable(frames.durable(type_, shared, fields))

    def _wake(self) -> None:
        if self._waiting is not None:
            self._waiting.set_result(None)
            self._waiting = None

    async def _wait(self) -> None:
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().create_future()
        await asyncio.wait([self._waiting])  # of which there may be two: neither cancels the other


def answer_frame(type_: str, ref: Ref, answer: Answer, at: int | None = None) -> bytes:
    """A reply as a whole frame; with `at`, that of a read made there."""
    fields = frames.reply_fields(ref, answer.extras)
    return frames.plain(type_, frames.encode(answer.data), fields, at)
