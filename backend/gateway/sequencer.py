"""The order of what one socket is sent: which request may begin, what is held back, what is next.

Pure: it is told what happens, and says what may begin and what is sent, in order. Three rules:

- Requests begin in order of arrival. Writes are under way together, at most `MAX_WRITES` of them;
  any other request begins when no write is under way, and is over before the next one begins. As
  writes are settled in the order they were begun, replies come in the order of the requests.
- `at` rises from one durable frame to the next: rows arrive in the order of the log, and one that
  the socket has been given already, or needs not, is not given again.
- The reply to a read made at `at` comes after the rows up to there and before those above: while a
  read is under way rows are held back, and its reply is put among them.
"""

import sys
from typing import NamedTuple

MAX_WRITES = 512  # of one socket, under way at once; more wait to be read
NO_ROW = sys.maxsize


class Order(NamedTuple):
    """Heads of durable frames, in order: those before a reply, and those after it."""

    before: list[bytes]
    after: list[bytes]


class Sequencer:
    """The order of one socket's frames."""

    __slots__ = ("_held", "_seen", "gate", "writes")

    def __init__(self) -> None:
        self.gate = 0
        """Rows above this one may be sent as they come; the others are for `hold`."""
        self.writes = 0
        """How many writes are under way."""
        self._seen = 0
        self._held: list[tuple[int, bytes]] | None = None

    @property
    def may_answer(self) -> bool:
        """Whether any other request may begin."""
        return self._held is None and not self.writes

    @property
    def is_holding(self) -> bool:
        """Whether rows are held back."""
        return bool(self._held)

    def skip(self, position: int) -> None:
        """Rows up to a position of the log the socket has been given, or needs not."""
        self._seen = self.gate = position

    def begin_write(self) -> bool:
        """A write is under way; gives whether one more may begin."""
        self.writes += 1
        return self.writes < MAX_WRITES

    def end_write(self, log_id: int | None) -> bool:
        """The oldest write is settled, and replied to; by that row of the log, if it has one.

        Gives whether it is time to ask again what may begin: not for each of many writes.
        """
        if log_id is not None:
            self._seen = self.gate = log_id
        self.writes -= 1
        return not self.writes or self.writes == MAX_WRITES // 2

    def begin_read(self) -> None:
        """A read is under way: rows are held back until it is over."""
        self._held = []
        self.gate = NO_ROW

    def hold(self, at: int, head: bytes) -> None:
        """Hold a row back while a read is under way; one that is not for the socket is dropped."""
        if self._held is not None and at > self._seen:
            self._held.append((at, head))

    def end_read(self, at: int | None) -> Order:
        """The read is over, made at `at` or, when it failed, at no place; gives what was held.

        To be called when every row up to `at` has been delivered.
        """
        held, self._held = self._held or [], None
        self.gate = self._seen
        before = [head for each, head in held if at is None or each <= at]
        return Order(before, [head for _, head in held[len(before) :]])

    def cursor_at(self, position: int) -> int:
        """Where the socket is when everything up to a position of the log has been delivered."""
        return max(position, self._seen)
