"""What the server writes about itself: so many lines a second, so long each, whatever befalls it.

Strangers can cause lines; they must not fill a disk with them.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from typing import TextIO

from backend.token_bucket import MANY, TokenBuckets

LINES_PER_SECOND = 20
LINES_AT_ONCE = 200
LINE_LENGTH = 2000
FAULT_LENGTH = 20_000  # a line with its traceback
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class BoundedHandler(logging.StreamHandler[TextIO]):
    """Writes records of each logger at a bounded pace, each line cut; says how many it left out."""

    def __init__(
        self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(stream)
        self.setFormatter(logging.Formatter(FORMAT))
        self._clock = clock
        self._paces = TokenBuckets(LINES_PER_SECOND, LINES_AT_ONCE, MANY)
        self._left_out: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, unless its logger has said too much."""
        name, now = record.name, self._clock()
        if self._paces.of(name, now).draw(now):
            self._left_out[name] += 1
            return
        left_out = self._left_out.pop(name, 0)
        if left_out:
            text = f"{left_out} lines were left out"
            super().emit(logging.LogRecord(name, record.levelno, "", 0, text, None, None))
        super().emit(record)

    def format(self, record: logging.LogRecord) -> str:
        """The line; line breaks in it are shown, but for a traceback's."""
        text = super().format(record)
        limit = FAULT_LENGTH if record.exc_info else LINE_LENGTH
        if not record.exc_info:
            text = text.replace("\r", "\\r").replace("\n", "\\n")
        return text if len(text) <= limit else f"{text[: limit - 1]}…"
