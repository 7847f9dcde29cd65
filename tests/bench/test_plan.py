"""The arithmetic of docs/scale.md is right, and the document says what it says."""

from collections.abc import Callable

import pytest

from tests import ROOT
from tests.bench.plan import (
    MEASURED,
    Costs,
    Line,
    People,
    p50_p99,
    plan,
    plan_table,
    simulate,
    simulation_table,
)

TEXT = (ROOT / "docs" / "scale.md").read_text()
# What three nodes were measured at with writes offered at random: a second, p50 and p99 in ms.
OPEN_LOOP = {1000: (12, 27), 3000: (18, 29), 6000: (27, 57)}


@pytest.mark.parametrize("table", [plan_table, simulation_table])
def test_the_tables_are_current(table: Callable[[], str]) -> None:
    assert table() in TEXT


@pytest.mark.parametrize("rate", OPEN_LOOP)
def test_the_simulation_is_near_what_was_measured(rate: int) -> None:
    simulated = p50_p99(simulate(MEASURED, 3, rate, 20))
    for found, measured in zip(simulated, OPEN_LOOP[rate], strict=True):
        assert 0.6 < found / measured < 1.6


@pytest.mark.parametrize("nodes", [1, 5, 20])
def test_writes_wait_for_no_more_than_two_rounds(nodes: int) -> None:
    """What the formula says of a cluster whose nodes are all busy."""
    half, most = p50_p99(simulate(MEASURED, nodes, 6000, 20))
    round_ms = MEASURED.round_ms(nodes, 6000)
    assert 0.8 * round_ms < half < 2 * round_ms
    assert most < 2.6 * round_ms


def test_more_than_the_line_takes_waits_ever_longer() -> None:
    line = Line(fixed=1, each=1)
    assert line.most < 1000
    with pytest.raises(ValueError, match="more than one line takes"):
        line.round_ms(1, 1100)
    early, late = (max(simulate(line, 2, 1500, seconds)) for seconds in (2, 8))
    assert late > 3 * early


def test_who_needs_more_gets_more() -> None:
    few, many = (dict(plan(People(online=online), Costs(), MEASURED)) for online in (50_000, 10**6))
    assert (few["nodes of 50,000 sockets"], many["nodes of 50,000 sockets"]) == ("1", "20")
    assert few["… and for who is online elsewhere"] == "0.0 GiB"
