"""What a command tells while it takes long."""

import io
import re
import threading

import pytest
from rich.console import Console

from backend.commands import progress as module
from backend.commands.progress import Progress, progress


class Clock:
    """A clock that is set by hand."""

    seconds = 100.0

    def __call__(self) -> float:
        """What it shows."""
        return self.seconds


def told(*moments: tuple[float, int, int], terminal: bool = False) -> str:
    """What is shown at such moments: seconds after the beginning, steps done, steps in all."""
    clock, shown = Clock(), io.StringIO()
    console = Console(file=shown, force_terminal=terminal, width=100, legacy_windows=False)
    steps = Progress("copy", 0, lambda: console, clock)
    for seconds, done, total in moments:
        clock.seconds = 100 + seconds
        steps.reach(done, total)
        steps.tell()
    steps.close()
    return shown.getvalue()


def test_without_a_terminal_it_is_a_line_each_time() -> None:
    """With how far it is and how long it will still take, once that can be known."""
    lines = told((2, 0, 8), (12, 2, 8), (90, 10, 1000), (60, 100, 1000)).splitlines()
    assert lines == [
        "copy: 0 % of 8",
        "copy: 25 % of 8, about 36 s left",
        "copy: 1 % of 1,000, about 2 h 28 min left",
        "copy: 10 % of 1,000, about 9 min left",
    ]


def test_at_a_terminal_it_is_a_bar() -> None:
    """It has the name and the part that is done, and is taken away at the end."""
    shown = told((2, 1, 4), (3, 2, 4), (4, 3, 4), terminal=True)
    assert "copy" in shown
    assert " 75%" in shown
    assert shown.rstrip().endswith("\x1b[2K")


def test_what_is_quick_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A command that takes less than two seconds has only its result to tell."""
    with progress("copy", 3) as steps:
        steps.advance()
    assert capsys.readouterr() == ("", "")


class Listening(io.StringIO):
    """An output that can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.said = threading.Event()

    def write(self, text: str) -> int:
        """Note that something was said."""
        count = super().write(text)
        self.said.set()
        return count


def test_a_step_that_takes_long_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to wait for its end to hear of it."""
    monkeypatch.setattr(module, "PATIENCE", 0.001)
    output = Listening()
    monkeypatch.setattr("sys.stderr", output)
    with progress("copy", 3) as steps:
        steps.advance()
        assert output.said.wait(10)
    assert re.match(r"copy: (33 % of 3, about |0 % of 3)", output.getvalue())
