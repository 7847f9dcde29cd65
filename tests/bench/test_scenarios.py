"""Every scenario, tiny: that it does what it measures, never how fast."""

import contextlib
from collections.abc import Iterator

import pytest

from tests.bench.report import Report, machine, markdown
from tests.bench.scale import TINY
from tests.bench.scenario import Bench, Scenario, run
from tests.bench.scenarios import all_scenarios

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """What they all work with."""
    with contextlib.closing(Bench(TINY, tmp_path_factory.mktemp("bench"))) as made:
        yield made


@pytest.mark.parametrize("scenario", all_scenarios(TINY), ids=lambda each: each.name)
def test_scenario_does_what_it_measures(scenario: Scenario, bench: Bench) -> None:
    """All is acknowledged, stored and delivered on every side, and every bar has a value."""
    outcome = run(scenario, bench)
    assert list(outcome.medians) == list(scenario.sides)
    assert all(outcome.medians.values())
    assert [verdict.number for verdict in outcome.verdicts] == [b.number for b in scenario.bars]
    assert scenario.title in markdown(Report(machine(), True, 0, [outcome]))
