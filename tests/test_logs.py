"""Lines of the log are bounded, per second and each."""

import io
import logging

from backend.logs import LINE_LENGTH, LINES_AT_ONCE, LINES_PER_SECOND, BoundedHandler


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
