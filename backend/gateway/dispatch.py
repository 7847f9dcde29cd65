"""From a frame to what becomes of it: decoded, counted, carried out, answered by one exit."""

from collections.abc import Awaitable, Callable, Iterable
from time import perf_counter
from typing import Protocol, TypeVar

from backend.gateway.hub import Hub
from backend.gateway.rate_limit import RateLimiter
from backend.gateway.replies import Ref, Replies, answer_frame
from backend.handlers.base import Answer, Ephemeral, Instant, Read, Table, Write
from backend.instruments import Outcomes
from backend.internal_errors import as_refused
from backend.protocol import frames
from backend.protocol.base import Request, type_of
from backend.protocol.close_codes import CloseCode
from backend.protocol.codec import Codec
from backend.protocol.errors import BadFrame, Code, Refused
from backend.store import log
from backend.store.batch import Done, Outcome, Settled, Work
from backend.store.engine.db import Db
from backend.store.engine.rows import Asked
from backend.views.viewer import Viewer

T = TypeVar("T")
NO_TYPE = "unknown"  # what is counted for frames whose type is no request's: anybody can make it up


class Writes(Protocol):
    """Where writes are queued, as store.writer.Writer does it."""

    def submit(
        self, work: Work[T], done: Done[T], ahead: Callable[[], Iterable[Asked]] = ..., /
    ) -> None:
        """Queue `work`; `done` is called once it is over, in order."""


class Transactions(Protocol):
    """The database, as far as requests need it."""

    @property
    def writer(self) -> Writes:
        """What is changed goes through here."""

    async def read_for(self, user_id: int, work: Callable[[Db], T]) -> T:
        """What `work` returns, run in a snapshot of its own, in the user's turn."""


class Asker(Protocol):
    """The socket that requests come from."""

    @property
    def viewer(self) -> Viewer:
        """Whose socket it is."""

    @property
    def replies(self) -> Replies:
        """Where its replies go out."""

    @property
    def rate_limiter(self) -> RateLimiter:
        """What counts its user's requests."""

    def close(self, code: CloseCode, reason: str) -> None:
        """Begin to close it."""


class Dispatch:
    """Takes the frames of every socket to their handlers."""

    def __init__(self, codec: Codec, handlers: Table, database: Transactions, hub: Hub) -> None:
        self._codec = codec
        self._handlers = handlers
        self._database = database
        self._hub = hub
        self.outcomes = {name: Outcomes() for name in (*map(type_of, handlers), NO_TYPE)}
        """How requests went, by type; each takes from when its frame has come to its reply."""

    def handle(self, asker: Asker, frame: bytes) -> Awaitable[None] | None:
        """Carry out a frame; gives what is to be awaited before the next one, if anything."""
        since = perf_counter()
        try:
            request = self._codec.decode(frame)
        except BadFrame as bad:
            return self._refuse(asker, bad.type, bad.ref, _too_fast(asker) or bad, since)
        type_ = type_of(type(request))
        too_fast = _too_fast(asker, request.cost())
        if too_fast is not None:
            return self._refuse(asker, type_, request.ref, too_fast, since)
        handler = self._handlers[type(request)]
        if isinstance(handler, Write):
            return self._write(asker, type_, request, handler, since)
        if isinstance(handler, Instant):
            return self._answer(asker, type_, request, handler, since)
        return self._read(asker, type_, request, handler, since)

    def _write(
        self, asker: Asker, type_: str, request: Request, handler: Write, since: float
    ) -> Awaitable[None] | None:
        pending = PendingWrite(asker, type_, request, handler, self.outcomes[type_], since)
        waiting = asker.replies.begin_write()
        self._database.writer.submit(pending.work, pending.done, pending.ahead)
        return waiting

    async def _answer(
        self, asker: Asker, type_: str, request: Request, handler: Instant, since: float
    ) -> None:
        await asker.replies.turn()
        refused: Refused | None = None
        try:
            answer = handler.run(asker.viewer, request)
            asker.replies.answer(type_, request.ref, answer, self._hub.position)
        except Exception as error:
            refused = as_refused(error, type_)
            asker.replies.refuse(type_, request.ref, refused)
        self._count(type_, since, refused)

    async def _refuse(
        self, asker: Asker, type_: str, ref: Ref, refused: Refused, since: float
    ) -> None:
        await asker.replies.turn()
        asker.replies.refuse(type_, ref, refused)
        self._count(type_ if type_ in self.outcomes else NO_TYPE, since, refused)

    async def _read(
        self, asker: Asker, type_: str, request: Request, handler: Read, since: float
    ) -> None:
        """Read in a snapshot, and reply when everything it saw has been delivered."""
        run, viewer, replies = handler.run, asker.viewer, asker.replies
        await replies.turn()
        replies.begin_read()
        at: int | None = None
        frame: bytes | None = None
        ephemeral: Ephemeral | None = None
        refused: Refused | None = None
        try:
            answer, position = await self._database.read_for(
                viewer.id, lambda db: (run(db, viewer, request), log.head(db))
            )
            frame = answer_frame(type_, request.ref, answer, position)
            await self._hub.reached(position)
            at, ephemeral = position, answer.ephemeral
        except Exception as error:
            refused = as_refused(error, type_)
            frame = frames.error(type_, request.ref, refused)
        finally:
            replies.end_read(at, frame)
        self._count(type_, since, refused)
        if ephemeral is not None:
            self._hub.ephemeral(viewer.id, ephemeral)

    def _count(self, type_: str, since: float, refused: Refused | None) -> None:
        code = refused.code if refused is not None else None
        self.outcomes[type_].count(perf_counter() - since, code)


class PendingWrite:
    """A write that a socket waits for the reply to."""

    __slots__ = (
        "_handler", "_outcomes", "_replies", "_request", "_since", "_type", "_viewer",
    )  # fmt: skip

    def __init__(
        self,
        asker: Asker,
        type_: str,
        request: Request,
        handler: Write,
        outcomes: Outcomes,
        since: float,
    ) -> None:
        self._replies = asker.replies
        self._viewer = asker.viewer
        self._type = type_
        self._request = request
        self._handler = handler
        self._outcomes = outcomes
        self._since = since

    def work(self, db: Db) -> Outcome[Answer]:
        """Carry the request out, in a transaction on the writer's thread."""
        answer = self._handler.run(db, self._viewer, self._request)
        return Outcome(answer, answer.log_id)

    def ahead(self) -> Iterable[Asked]:
        """What carrying it out is going to look up."""
        return self._handler.ahead(self._viewer, self._request)

    def done(self, settled: Settled[Answer], shared: bytes | None) -> None:
        """Reply, now that the batch is over; `shared` is what all get of the row that it is."""
        outcome: Answer | Refused
        failed: str | None = None
        if settled.value is not None:
            outcome = settled.value
        else:
            assert settled.error is not None
            outcome = as_refused(settled.error, self._type)
            failed = outcome.code
        self._replies.end_write(self._type, self._request.ref, outcome, shared)
        self._outcomes.count(perf_counter() - self._since, failed)


def _too_fast(asker: Asker, cost: float = 1) -> Refused | None:
    limiter = asker.rate_limiter
    wait = limiter.take(cost)
    if not wait:
        return None
    if limiter.is_exhausted:
        asker.close(CloseCode.TOO_FAST, "too fast, again and again")
    text = f"too many requests, try again in {wait} ms"
    return Refused(Code.RATE_LIMITED, text, retry_after_ms=wait)
