"""A write that a socket waits for the reply to."""

from typing import TYPE_CHECKING

from backend.handlers.base import Answer, Write
from backend.internal_errors import as_refused
from backend.protocol import frames
from backend.protocol.base import Request
from backend.store.batch import Outcome, Settled
from backend.store.engine.db import Db

if TYPE_CHECKING:
    from backend.gateway.connection import Connection


class PendingWrite:
    """Carried out in a batch; asked for the reply, if it has a row; called when that is over."""

    __slots__ = ("_connection", "_ref", "_request", "_run", "_type")

    def __init__(
        self, connection: "Connection", type_: str, request: Request, handler: Write
    ) -> None:
        self._connection = connection
        self._type = type_
        self._request = request
        self._ref = request.ref
        self._run = handler.run

    def work(self, db: Db) -> Outcome[Answer]:
        """Carry the request out, on the writer's thread."""
        answer = self._run(db, self._connection.viewer, self._request)
        return Outcome(answer, answer.log_id)

    def reply(self, at: int, answer: Answer, ending: bytes) -> "Connection":
        """Send the row `at` as the reply, in its place among the rows; gives the socket."""
        head = frames.durable(self._type, ending, frames.beside(self._ref, answer.extras))
        self._connection.outbox.durable(at, head)
        return self._connection

    def __call__(self, settled: Settled[object]) -> None:
        """Send the reply, unless its row was that."""
        answer = settled.value
        if settled.error is not None:
            refused = as_refused(settled.error, self._type)
            self._connection.outbox.frame(frames.error(self._type, self._ref, refused))
        elif isinstance(answer, Answer) and answer.log_id is None:
            middle = frames.beside(self._ref, answer.extras)
            frame = frames.plain(self._type, frames.encode(answer.data), middle)
            self._connection.outbox.frame(frame)
        self._connection.settle()
