"""Arriving: people who come back with a cursor, one after the other or all at once."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.bench.history import add_messages
from tests.bench.load.arrive import Arrive
from tests.bench.load.client import seats_of
from tests.bench.load.clock import Numbers
from tests.bench.loading import measure
from tests.bench.process import BenchError, serve
from tests.bench.scenario import Bar, Bench, Scenario
from tests.bench.scenarios.idle import CONTACTS, CONVERSATIONS, make_town
from tests.bench.single import record
from tests.bench.world import cursors_of, mint, token_of

AT_ONCE = 50


class Town(NamedTuple):
    """Who arrives where: the database, and how many messages of each conversation they missed."""

    name: str
    people: int
    contacts: int = CONTACTS
    missed_each: int = 0
    crowded: bool = False

    def make(self, path: Path) -> None:
        """Mint it."""
        if self.contacts == CONTACTS:
            make_town(path, self.people)
        else:
            mint(path, self.people, [], self.contacts)
        add_messages(path, self.behind(), self.people, kept=self.behind())

    def behind(self) -> int:
        """How many rows of the log were written while everybody was away."""
        return self.people * self.missed_each

    def missed(self) -> int:
        """How many of them everybody is to be told."""
        return CONVERSATIONS * self.missed_each


def run(bench: Bench, town: Town, server: str) -> Numbers:
    """Let everybody arrive at one server; the floor writes what the product wrote to one."""
    path = bench.copy(town.name, town.make)
    frames = bench.once(f"{town.name}.frames", partial(record_frames, bench, town))
    people = range(1, town.people + 1)
    with serve(server, path, {"FRAMES": str(frames)}) as running:
        product = server == "product"
        cursors = cursors_of(path, people, town.behind()) if product else [""] * town.people
        seats = seats_of(map(token_of, people), cursors)
        at_once = town.people if town.crowded else AT_ONCE
        job = Arrive(running.port, seats, at_once, stay=town.crowded)
        numbers = measure(running, job, "arrivals")
    if product and numbers["missed"] != town.missed():
        raise BenchError(f"expected {town.missed()} missed events: {numbers}")
    if product and town.crowded and numbers["known"] < town.contacts:
        raise BenchError(f"somebody does not know all their contacts to be online: {numbers}")
    return numbers


def record_frames(bench: Bench, town: Town, path: Path) -> None:
    """Write what the product tells who arrives; of a crowd, half the contacts are there."""
    database = bench.copy(town.name, town.make)
    with serve("product", database) as running:
        cursor = cursors_of(database, [1], town.behind())[0]
        here = range(2, 2 + town.contacts // 2) if town.crowded else ()
        tokens = [token_of(user) for user in here]
        path.write_bytes(asyncio.run(record(running.port, token_of(1), cursor, tokens)))


def _quiet(bench: Bench, server: str) -> Numbers:
    return run(bench, Town("quiet-town.db", bench.scale.arrivals), server)


def _missed(bench: Bench, server: str) -> Numbers:
    missed = bench.scale.missed_each
    return run(bench, Town("busy-town.db", bench.scale.late_arrivals, missed_each=missed), server)


def _crowd(bench: Bench, server: str) -> Numbers:
    return run(bench, Town("crowded-town.db", bench.scale.crowd, crowded=True), server)


def _storm(bench: Bench, server: str) -> Numbers:
    contacts = bench.scale.storm_contacts
    town = Town("storm.db", bench.scale.storm, contacts=contacts, crowded=True)
    return run(bench, town, server)


def _scenario(name: str, title: str, side: Callable[[Bench, str], Numbers], bar: Bar) -> Scenario:
    sides = {
        "product": lambda bench: side(bench, "product"),
        "arrive": lambda bench: side(bench, "arrive"),
    }
    return Scenario(name, title, sides, (bar,))


FAST = Bar("throughput", "product", 0.5, "arrive", at_least=True)

SCENARIOS = (
    _scenario("connect", "connect with a cursor, nothing missed", _quiet, FAST),
    _scenario("connect-missed", "connect with a cursor, 200 events missed", _missed, FAST),
    _scenario("connect-crowd", "thousands connect at once", _crowd, FAST),
    _scenario(
        "storm",
        "presence storm after a restart",
        _storm,
        Bar("last_event_s", "product", 2, "arrive"),
    ),
)
