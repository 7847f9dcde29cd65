"""A write that a socket waits for the reply to."""

import logging
import secrets
from typing import TYPE_CHECKING

from backend.handlers.base import Answer
from backend.protocol import frames
from backend.protocol.errors import Code, Refused
from backend.store.batch import Settled
from backend.store.faults import Unavailable
from backend.store.log import LogRow

if TYPE_CHECKING:
    from backend.gateway.connection import Connection

logger = logging.getLogger("parley.gateway")


class Pending:
    """Called when the write's batch is over; before that, if it has a row, asked for the reply."""

    __slots__ = ("_connection", "_ref", "_type")

    def __init__(self, connection: "Connection", type_: str, ref: str | int | None) -> None:
        self._connection = connection
        self._type = type_
        self._ref = ref

    def reply(self, row: LogRow, answer: Answer, epoch: str) -> "Connection":
        """Send the row as the reply, in its place among the rows; gives the socket it went to."""
        middle = frames.beside(self._ref, answer.extras)
        head = frames.durable(self._type, row.body, epoch, row.id, middle)
        self._connection.outbox.durable(row.id, head)
        return self._connection

    def __call__(self, settled: Settled[object]) -> None:
        """Send the reply, unless its row was that."""
        answer = settled.value
        if settled.error is not None:
            refused = as_refused(settled.error)
            self._connection.outbox.frame(frames.error(self._type, self._ref, refused))
        elif isinstance(answer, Answer) and answer.row is None:
            middle = frames.beside(self._ref, answer.extras)
            frame = frames.plain(self._type, frames.encode(answer.data), middle)
            self._connection.outbox.frame(frame)
        self._connection.settle()


def as_refused(error: Exception) -> Refused:
    """What a client is told of an error; one that is our fault is logged with a reference."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, Unavailable):
        return Refused(Code.UNAVAILABLE, "the database cannot take it now, try again later")
    reference = secrets.token_hex(4)
    logger.error("internal error %s", reference, exc_info=error)
    return Refused(Code.INTERNAL_ERROR, f"internal error, reference {reference}")
