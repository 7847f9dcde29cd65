"""How far a command has got and how long it will take, told once it has taken two seconds.

Whoever sits at a terminal sees a bar; elsewhere it is a line now and then. Both are on the error
output: what a command gives can be read by programs.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

PATIENCE = 2.0  # seconds before anything is told
BETWEEN_LINES = 10.0
BETWEEN_FRAMES = 0.25


class Progress:
    """Steps of something that may take long."""

    def __init__(
        self, what: str, total: int, console: "Callable[[], Console]", now: Callable[[], float]
    ) -> None:
        """Steps to be shown on what `console` gives, which is asked for when there is need."""
        self._what = what
        self._total = total
        self._done = 0
        self._now = now
        self._begun = now()
        self._open_console = console
        self._bar = contextlib.ExitStack()
        self._draw: Callable[[], None] | None = None

    def advance(self, steps: int = 1) -> None:
        """So many steps more are done."""
        self._done += steps

    def reach(self, done: int, total: int) -> None:
        """So many steps are done, of so many as is known by now."""
        self._done, self._total = done, total

    def tell(self) -> float:
        """Show it as it is now; gives in how many seconds to do so again."""
        if self._console.is_terminal:
            self._draw = self._draw or self._begin_bar()
            self._draw()
            return BETWEEN_FRAMES
        self._console.print(f"{self._what}: {self._said()}", highlight=False, soft_wrap=True)
        return BETWEEN_LINES

    def close(self) -> None:
        """Take the bar away, if there is one."""
        self._bar.close()

    @cached_property
    def _console(self) -> "Console":
        return self._open_console()

    def _begin_bar(self) -> Callable[[], None]:
        """Show a bar; gives what is to be called to draw it."""
        from rich import progress as bars  # noqa: PLC0415  (most commands are over before)

        bar = self._bar.enter_context(
            bars.Progress(
                bars.TextColumn(self._what),
                bars.BarColumn(),
                bars.TaskProgressColumn(),
                bars.TimeRemainingColumn(),
                console=self._console,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
                get_time=self._now,
            )
        )
        task = bar.add_task(self._what)
        return lambda: bar.update(task, completed=self._done, total=self._total, refresh=True)

    def _said(self) -> str:
        """As `45 % of 12,000, about 30 s left`."""
        done, total = self._done, max(self._total, 1)
        said = f"{100 * done // total} % of {self._total:,}"
        if not done:
            return said
        left = (self._now() - self._begun) * (total - done) / done
        return f"{said}, about {_duration(left)} left"


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


@contextlib.contextmanager
def progress(what: str, total: int = 0) -> Iterator[Progress]:
    """Tell how far something of `total` steps is, also while a step takes long."""
    shown, over = Progress(what, total, _error_output, time.monotonic), Event()
    teller = Thread(target=_tell, args=(shown, over), name="progress", daemon=True)
    teller.start()
    try:
        yield shown
    finally:
        over.set()
        teller.join()
        shown.close()


def _error_output() -> "Console":
    from rich.console import Console  # noqa: PLC0415  (a server starts without)

    return Console(stderr=True)


def _tell(shown: Progress, over: Event) -> None:
    wait = PATIENCE
    while not over.wait(wait):
        wait = shown.tell()
