"""What the server writes about itself: so many lines a second, so long each, whatever befalls it.

Strangers can cause lines; they must not fill a disk with them. A line is an event, by its name and
fields: told as a sentence for people, or whole as JSON.
"""

import json
import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Literal, TextIO

from backend.token_bucket import MANY, TokenBuckets

LINES_PER_SECOND = 20
LINES_AT_ONCE = 200
LINE_LENGTH = 2000
FAULT_LENGTH = 20_000  # a line with its traceback
FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
CUTS = (2, 8, 32, 128)  # the length of a line over that of a text in it, until the line fits


class Journal:
    """Logs events of one room: their name, a sentence with fields as `%(field)s`, the fields."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def info(self, event: str, text: str, /, **fields: object) -> None:
        """What is as it should be."""
        self._write(logging.INFO, event, text, fields, None)

    def warning(self, event: str, text: str, /, **fields: object) -> None:
        """What somebody may want to look into."""
        self._write(logging.WARNING, event, text, fields, None)

    def error(
        self, event: str, text: str, /, *, fault: BaseException | None = None, **fields: object
    ) -> None:
        """What went wrong; with `fault`, its traceback too."""
        self._write(logging.ERROR, event, text, fields, fault)

    def critical(
        self, event: str, text: str, /, *, fault: BaseException | None = None, **fields: object
    ) -> None:
        """What ends the process."""
        self._write(logging.CRITICAL, event, text, fields, fault)

    def _write(
        self,
        level: int,
        event: str,
        text: str,
        fields: Mapping[str, object],
        fault: BaseException | None,
    ) -> None:
        arguments = (fields,) if fields else ()
        extra = {"event": event}
        self._logger.log(level, text, *arguments, exc_info=fault, extra=extra)


class Spell:
    """Something that is wrong for a while: told when it begins, and when it is over.

    It is over once one of those that met it meets it no more.
    """

    def __init__(self, begun: Callable[[Exception], None], over: Callable[[], None]) -> None:
        self._begun = begun
        self._over = over
        self._met: set[object] = set()

    def meet(self, who: object, error: Exception) -> None:
        """Somebody meets it."""
        if not self._met:
            self._begun(error)
        self._met.add(who)

    def pass_by(self, who: object) -> None:
        """Somebody does not."""
        if who in self._met:
            self._met.clear()
            self._over()


class BoundedHandler(logging.StreamHandler[TextIO]):
    """Writes records of each logger at a bounded pace, each line cut; says how many it left out."""

    def __init__(
        self,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        form: Literal["text", "json"] = "text",
        node: str | None = None,
    ) -> None:
        """`node` is what the server is called, where it is one of several."""
        super().__init__(stream)
        self.setFormatter(logging.Formatter(f"{node} {FORMAT}" if node else FORMAT))
        self._node = {"node": node} if node else {}
        self._clock = clock
        self._line = _as_text if form == "text" else _as_json
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
            text, fields = "%(count)d lines were left out", ({"count": left_out},)
            told = logging.LogRecord(name, record.levelno, "", 0, text, fields, None)
            told.event = "lines_left_out"
            super().emit(told)
        super().emit(record)

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        limit = FAULT_LENGTH if record.exc_info else LINE_LENGTH
        return self._line(record, super().format(record), limit, self._node)


def _as_text(record: logging.LogRecord, text: str, limit: int, node: Mapping[str, str]) -> str:
    """A sentence; line breaks in it are shown, but for a traceback's."""
    if not record.exc_info:
        text = text.replace("\r", "\\r").replace("\n", "\\n")
    return _cut(text, limit)


def _as_json(record: logging.LogRecord, text: str, limit: int, node: Mapping[str, str]) -> str:
    """An object; where it would be too long, the texts in it are cut and it stays one."""
    fields = record.args if isinstance(record.args, Mapping) else {}
    told: dict[str, object] = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        + f".{int(record.msecs):03}Z",
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": getattr(record, "event", record.name),
        "message": record.getMessage(),
        **node,
        **fields,
    }
    if record.exc_text:
        told["traceback"] = record.exc_text
    line = json.dumps(told, default=str)
    for cut in CUTS:
        if len(line) <= limit:
            break
        shorter = {name: _cut(each, limit // cut) for name, each in told.items()}
        line = json.dumps(shorter)
    return line


def _cut(value: "object", limit: int) -> str:
    text = str(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def set_up(level: str, form: Literal["text", "json"], node: str | None = None) -> None:
    """Log to the error output from now on, also what nobody catches, in any thread."""
    handler = BoundedHandler(form=form, node=node)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    journal = Journal("parley")

    def uncaught(error: BaseException | None, where: str) -> None:
        journal.critical("uncaught", "nobody caught a fault in %(where)s", fault=error, where=where)

    sys.excepthook = lambda kind, error, traceback: uncaught(error, "the main thread")
    threading.excepthook = lambda args: uncaught(args.exc_value, "a thread")
    sys.unraisablehook = lambda args: uncaught(args.exc_value, args.err_msg or "what was let go of")
