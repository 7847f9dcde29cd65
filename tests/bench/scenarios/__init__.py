"""The scenarios, in the order of the report."""

from tests.bench.scale import Scale
from tests.bench.scenario import Scenario
from tests.bench.scenarios import (
    arriving,
    echo,
    files,
    group,
    growth,
    history,
    idle,
    multitude,
    one_to_one,
    postgres,
    soak,
    upkeep,
)


def all_scenarios(scale: Scale) -> tuple[Scenario, ...]:
    """Every scenario, in the order of the report."""
    return (
        *echo.SCENARIOS,
        *one_to_one.SCENARIOS,
        *group.SCENARIOS,
        *idle.SCENARIOS,
        *arriving.SCENARIOS,
        *files.SCENARIOS,
        *postgres.SCENARIOS,
        *history.scenarios(scale.histories),
        *growth.scenarios(scale),
        *upkeep.SCENARIOS,
        *multitude.SCENARIOS,
        *soak.SCENARIOS,
    )
