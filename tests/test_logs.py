"""Lines of the log are bounded, per second and each."""

import ast
import io
import json
import logging
import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.logs import (
    FAULT_LENGTH,
    LINE_LENGTH,
    LINES_AT_ONCE,
    LINES_PER_SECOND,
    BoundedHandler,
    Journal,
)
from tests import ROOT

UNCAUGHT = """
import threading
from backend.logs import set_up
set_up("info", "json")
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
raise ValueError("why\\nnot")
"""


class Clock:
    """A time that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def logger_to(stream: io.StringIO, clock: Clock, name: str) -> logging.Logger:
    """A logger of that name that writes to the stream."""
    logger = logging.Logger(name)
    logger.addHandler(BoundedHandler(stream, clock))
    return logger


def test_one_logger_says_so_much_and_then_how_much_it_left_out() -> None:
    """Nothing more until time has passed; then the number, and the line."""
    stream, clock = io.StringIO(), Clock()
    logger = logger_to(stream, clock, "x")
    for number in range(LINES_AT_ONCE + 50):
        logger.warning("line %d", number)
    assert len(stream.getvalue().splitlines()) == LINES_AT_ONCE
    clock.now += 1 / LINES_PER_SECOND
    logger.warning("the last one")
    left_out, last = stream.getvalue().splitlines()[-2:]
    assert left_out.endswith("x 50 lines were left out")
    assert last.endswith("the last one")


def test_a_line_is_cut_and_stays_one() -> None:
    """Whatever stands in it."""
    stream, clock = io.StringIO(), Clock()
    logger_to(stream, clock, "x").warning("a\r\nFORGED %s", "x" * LINE_LENGTH)
    (line,) = stream.getvalue().split("\n")[:-1]
    assert "a\\r\\nFORGED" in line
    assert len(line) == LINE_LENGTH


def test_a_fault_is_told_in_full() -> None:
    """With its traceback."""
    stream, clock = io.StringIO(), Clock()
    logger = logger_to(stream, clock, "x")
    try:
        raise ValueError("why")
    except ValueError:
        logger.exception("failed")
    assert "Traceback" in stream.getvalue()
    assert stream.getvalue().endswith("ValueError: why\n")


def as_json(logger: logging.Logger, **options: Any) -> Any:
    """What one event is, as a line of JSON."""
    stream = io.StringIO()
    logger.addHandler(BoundedHandler(stream, Clock(), "json"))
    logger.propagate = False
    try:
        Journal(logger.name).error("failed", "%(what)s failed", **options)
    finally:
        logger.handlers.clear()
    (line,) = stream.getvalue().split("\n")[:-1]
    assert len(line) <= (FAULT_LENGTH if options.get("fault") else LINE_LENGTH)
    return json.loads(line)


def test_where_there_are_several_each_line_says_which_node() -> None:
    """As text at its beginning, as JSON in a field."""
    found = []
    for form in ("text", "json"):
        stream, logger = io.StringIO(), logging.getLogger(f"tests.node.{form}")
        logger.addHandler(BoundedHandler(stream, Clock(), form, "4f2a"))
        logger.propagate = False
        Journal(logger.name).error("failed", "%(what)s failed", what="saving")
        logger.handlers.clear()
        found.append(stream.getvalue())
    assert found[0].startswith("4f2a ")
    assert json.loads(found[1])["node"] == "4f2a"


def test_an_event_is_a_line_with_its_name_and_fields() -> None:
    """As JSON, a reference in it as in the client's error."""
    told = as_json(
        logging.getLogger("tests.json"), what="saving", reference="ab12", error=OSError(2)
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told.pop("time"))
    assert told == {
        "level": "error", "logger": "tests.json", "event": "failed", "message": "saving failed",
        "what": "saving", "reference": "ab12", "error": "2",
    }  # fmt: skip


def test_a_fault_is_one_line_of_json() -> None:
    """Its traceback is a text in it."""
    try:
        raise ValueError("why")
    except ValueError as error:
        told = as_json(logging.getLogger("tests.json"), what="it", fault=error)
    assert told["traceback"].startswith("Traceback")
    assert told["traceback"].endswith("ValueError: why")


@given(st.text(max_size=3 * LINE_LENGTH), st.text(alphabet="\0\ud800é\n", max_size=LINE_LENGTH))
def test_a_line_of_json_stays_json_when_it_is_cut(what: str, other: str) -> None:
    """Whatever stands in it."""
    told = as_json(logging.getLogger("tests.json"), what=what, other=other)
    assert told["event"] == "failed"
    assert told["level"] == "error"


@pytest.mark.process
def test_what_nobody_catches_is_a_line_of_json_each() -> None:
    """In a thread, and at the end of the process."""
    run = [sys.executable, "-c", UNCAUGHT]
    done = subprocess.run(run, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)
    thread, main = map(json.loads, done.stderr.splitlines())
    assert (done.returncode, done.stdout) == (1, "")
    assert thread["event"] == main["event"] == "uncaught"
    assert "ZeroDivisionError" in thread["traceback"]
    assert "ValueError: why\nnot" in main["traceback"]


def test_every_event_has_a_name_and_says_its_fields() -> None:
    """In all of the code: no field takes the place of what every line has."""
    found = [
        call for path in (ROOT / "backend").rglob("*.py") for call in calls_in(path.read_text())
    ]
    assert len(found) > 20
    for call in found:
        name = call.args[0]
        assert isinstance(name, ast.Constant | ast.Name)
        assert isinstance(name, ast.Name) or re.fullmatch(r"[a-z_]+", str(name.value))
        fields = {keyword.arg for keyword in call.keywords}
        assert not fields & {"time", "level", "logger", "event", "message", "traceback"}


def calls_in(code: str) -> list[ast.Call]:
    """The calls that log an event."""
    return [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "journal"
    ]
