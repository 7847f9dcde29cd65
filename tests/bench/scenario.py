"""A scenario, its sides and its bars, and how it is run: rounds of interleaved sides, medians."""

import os
import shutil
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import NamedTuple

import msgspec

from backend.store.index_file import index_path
from tests.bench.databases import Databases
from tests.bench.load.clock import Numbers
from tests.bench.scale import Scale


class Bench:
    """What a run works with: its numbers of people, a folder, and what is made only once."""

    def __init__(self, scale: Scale, folder: Path) -> None:
        self.scale = scale
        self.folder = folder
        self.rates: dict[str, float] = {}
        self._files: dict[str, Path] = {}
        self._fresh = 0

    def once(self, name: str, make: Callable[[Path], None]) -> Path:
        """The file of that name, made when it is asked for first."""
        if name not in self._files:
            path = self.folder / name
            make(path)
            self._files[name] = path
        return self._files[name]

    def copy(self, name: str, make: Callable[[Path], None]) -> Path:
        """A fresh copy of the database of that name, so that no run finds what another wrote.

        On disk: what is written back while a server runs holds its commits up.
        """
        self._fresh += 1
        made, fresh = self.once(name, make), self.folder / f"run-{self._fresh}.db"
        for source in (str(made), index_path(str(made))):
            if Path(source).exists():
                target = shutil.copy(source, source.replace(str(made), str(fresh)))
                with Path(target).open("rb") as copied:
                    os.fsync(copied.fileno())
        return fresh

    @cached_property
    def databases(self) -> Databases:
        """PostgreSQL, started when it is asked for first."""
        return Databases()

    def close(self) -> None:
        """End what was started."""
        if "databases" in self.__dict__:
            self.databases.close()


Side = Callable[[Bench], Numbers]


class Bar(NamedTuple):
    """What a number of a side must be, beside that of another side, or by itself."""

    number: str
    side: str
    limit: float
    against: str | None = None
    at_least: bool = False


class Scenario(NamedTuple):
    """Something that is measured on several sides; the first one is who has to meet the bars."""

    name: str
    title: str
    sides: dict[str, Side]
    bars: tuple[Bar, ...]


class Verdict(msgspec.Struct, frozen=True):
    """A bar and what was measured."""

    number: str
    side: str
    against: str | None
    value: float
    limit: float
    at_least: bool

    @property
    def met(self) -> bool:
        """Whether the bar is met."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


class Outcome(msgspec.Struct, frozen=True):
    """A scenario's numbers: each side's medians, every round of each side, and the verdicts."""

    name: str
    title: str
    medians: dict[str, Numbers]
    rounds: dict[str, list[Numbers]]
    verdicts: list[Verdict]


def run(scenario: Scenario, bench: Bench) -> Outcome:
    """Run all rounds; the sides take turns, and who begins a round takes turns as well."""
    rounds: dict[str, list[Numbers]] = {side: [] for side in scenario.sides}
    for number in range(bench.scale.rounds):
        order = list(scenario.sides)
        for side in order[::-1] if number % 2 else order:
            rounds[side].append(scenario.sides[side](bench))
    medians = {
        side: {number: median(each[number] for each in all_) for number in all_[0]}
        for side, all_ in rounds.items()
    }
    verdicts = [judge(bar, rounds) for bar in scenario.bars]
    return Outcome(scenario.name, scenario.title, medians, rounds, verdicts)


def judge(bar: Bar, rounds: dict[str, list[Numbers]]) -> Verdict:
    """A bar's value: the median over the rounds, of the ratio within each round."""
    own = [each[bar.number] for each in rounds[bar.side]]
    if bar.against is not None:
        others = [each[bar.number] for each in rounds[bar.against]]
        own = [a / b if b else float(a > 0) for a, b in zip(own, others, strict=True)]
    return Verdict(bar.number, bar.side, bar.against, median(own), bar.limit, bar.at_least)
