"""Groups: every message is stored and goes to hundreds or thousands who are online."""

from functools import partial

from tests.bench.load.client import Seat, seats_of
from tests.bench.load.clock import Numbers
from tests.bench.load.group import Group
from tests.bench.load.probe import Probe
from tests.bench.loading import measure, probing
from tests.bench.process import Server, serve
from tests.bench.scenario import Bar, Bench, Scenario
from tests.bench.scenarios.one_to_one import check_stored
from tests.bench.world import mint, token_of

PROBE_PAUSE = 0.001


def job_for(server: Server, members: int, messages: int, window: int) -> Group:
    """The load of one group, conversation 1 of users 1…`members`."""
    seats = seats_of(map(token_of, range(1, members + 1)))
    return Group(server.port, seats, 1, messages * min(window, 4), window)


def small(bench: Bench, server: str, window: int) -> Numbers:
    """Run one server with a group of hundreds."""
    members, messages = bench.scale.group, bench.scale.group_messages
    path = bench.copy("group.db", lambda path: mint(path, members, [range(1, members + 1)]))
    with serve(server, path) as running:
        numbers = measure(running, job_for(running, members, messages, window), "deliveries")
    check_stored(path, numbers["messages"])
    return numbers


def large(bench: Bench, server: str, window: int) -> Numbers:
    """Run one server with a group of thousands, while somebody else's pings tell the loop's lag."""
    members, messages = bench.scale.large_group, bench.scale.large_group_messages
    path = bench.copy("crowd.db", lambda path: mint(path, members + 1, [range(1, members + 1)]))
    with serve(server, path) as running:
        probe = Probe(running.port, Seat(token_of(members + 1)), PROBE_PAUSE)
        lag: Numbers = {}
        job = job_for(running, members, messages, window)
        numbers = measure(running, job, "deliveries", probing(probe, lag))
    check_stored(path, numbers["messages"])
    return numbers | lag


def _scenario(window: int) -> Scenario:
    return Scenario(
        f"group-{window}",
        f"a group of hundreds online, stored, {window} in flight",
        {
            "product": partial(small, server="product", window=window),
            "storing": partial(small, server="storing", window=window),
        },
        (Bar("cpu_us", "product", 1.3, "storing"),),
    )


def _large_scenario(window: int) -> Scenario:
    return Scenario(
        f"large-group-{window}",
        f"a group of thousands online, stored, {window} in flight",
        {
            "product": partial(large, server="product", window=window),
            "storing": partial(large, server="storing", window=window),
        },
        (Bar("cpu_us", "product", 1.3, "storing"), Bar("lag_p999_ms", "product", 20)),
    )


SCENARIOS = (_scenario(1), _scenario(10), _large_scenario(1), _large_scenario(10))
