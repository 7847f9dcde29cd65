"""`make bench`: run the scenarios, print how each went, write bench-results/,
with a picture of what grows.

QUICK=1 in the environment runs a reduced set. Names as arguments run only those scenarios.
"""

import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from tests import ROOT
from tests.bench.curves import curves, drawn
from tests.bench.process import raise_open_files
from tests.bench.report import Report, machine, markdown, write
from tests.bench.scale import FULL, QUICK
from tests.bench.scenario import Bench, Outcome, run
from tests.bench.scenarios import all_scenarios


def main(names: list[str]) -> None:
    """Run all scenarios, or those named."""
    raise_open_files()
    quick = os.environ.get("QUICK", "") not in {"", "0"}
    scale = QUICK if quick else FULL
    if minutes := os.environ.get("SOAK_MINUTES"):
        scale = msgspec.structs.replace(scale, soak_seconds=float(minutes) * 60)
    scenarios = all_scenarios(scale)
    known = [scenario.name for scenario in scenarios]
    if unknown := set(names) - set(known):
        sys.exit(f"no scenario {', '.join(unknown)}; there are: {', '.join(known)}")
    begun = time.monotonic()
    outcomes = []
    with (
        tempfile.TemporaryDirectory(prefix="parley-bench-") as folder,
        contextlib.closing(Bench(scale, Path(folder))) as bench,
    ):
        for scenario in scenarios:
            if not names or scenario.name in names:
                outcomes.append(run(scenario, bench))
                print(_line(outcomes[-1], time.monotonic() - begun), flush=True)
    report = Report(machine(), quick, time.monotonic() - begun, outcomes)
    print(markdown(report))
    print(write(report, ROOT / "bench-results"))
    if found := curves(outcomes):
        (ROOT / "bench-results" / "curves.svg").write_text(drawn(found))


def _line(outcome: Outcome, elapsed: float) -> str:
    verdicts = ", ".join(
        f"{each.number} {each.value:.2f} ({'met' if each.met else 'NOT met'}: {each.limit:g})"
        for each in outcome.verdicts
    )
    return f"{elapsed:6.0f} s  {outcome.name}: {verdicts or 'shown only'}"


if __name__ == "__main__":
    main(sys.argv[1:])
