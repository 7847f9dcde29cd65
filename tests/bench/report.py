"""The results: one JSON file, and the table in Markdown that is made from it.

`python -m tests.bench.report FILE.json` puts the table into docs/performance.md, or into another
document that is named after it.
"""

import os
import platform
import sqlite3
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import msgspec

from tests import ROOT
from tests.bench.load.clock import Numbers
from tests.bench.scenario import Outcome, Verdict

DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- the table: begin -->", "<!-- the table: end -->"

# What is shown of a side, how it is called, and with how many digits.
COLUMNS = (
    ("throughput", "per second", 0),
    ("p50_ms", "p50 ms", 2),
    ("p99_ms", "p99 ms", 2),
    ("p999_ms", "p99.9 ms", 2),
    ("cpu_us", "server CPU µs", 2),
    ("client_cpu_us", "client CPU µs", 2),
    ("memory_mib", "memory MiB", 0),
)
WORDS = {
    "cpu_us": "server CPU per unit",
    "throughput": "throughput",
    "p50_ms": "p50 (ms)",
    "p99_ms": "p99",
    "gap_ms": "time until it (ms)",
    "lag_p999_ms": "loop lag p99.9 (ms)",
    "kib_per_connection": "memory per connection",
    "worst_ms": "the longest wait of a send (ms)",
    "growth": "memory after a while by that before it",
    "last_event_s": "time to the last event",
    "back_s": "until all are back (s)",
    "others_p99_ms": "p99 of others meanwhile (ms)",
    "pause_below_ms": "the longest collector pause is below (ms)",
    "first_answer_s": "time to the first answer",
}


class Report(msgspec.Struct, frozen=True):
    """A whole run."""

    machine: dict[str, str]
    quick: bool
    seconds: float
    outcomes: list[Outcome]


def machine() -> dict[str, str]:
    """What the run ran on."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return {
        "when": time.strftime("%Y-%m-%d"),
        "processor": f"{os.cpu_count()} × {models[0] if models else platform.machine()}",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "aiohttp": version("aiohttp"),
        "uvloop": version("uvloop"),
    }


def write(report: Report, folder: Path) -> Path:
    """Write `bench.json` and `bench.md` into a folder; gives the first's path."""
    folder.mkdir(exist_ok=True)
    path = folder / "bench.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report)))
    (folder / "bench.md").write_text(markdown(report))
    return path


def markdown(report: Report) -> str:
    """The bars and what was measured, then every side's numbers."""
    facts = ", ".join(f"{name} {value}" for name, value in report.machine.items())
    size = "Reduced run" if report.quick else "Full run"
    lines = [f"{size}, {report.seconds:.0f} s: {facts}.", ""]
    lines += ["| scenario | bar | measured | met |", "|---|---|---|---|"]
    lines += [_bar_line(outcome, each) for outcome in report.outcomes for each in outcome.verdicts]
    heads = [head for _, head, _ in COLUMNS]
    lines += ["", f"| scenario | side | {' | '.join(heads)} | else |"]
    lines += ["|---" * (len(heads) + 3) + "|"]
    for outcome in report.outcomes:
        lines += _side_lines(outcome)
    return "\n".join(lines) + "\n"


def place(table: str, document: Path = DOCUMENT) -> None:
    """Put the table between its marks in the document."""
    before, _, rest = document.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    document.write_text(f"{before}{BEGIN}\n{table}{END}{after}")


def _bar_line(outcome: Outcome, verdict: Verdict) -> str:
    sign = "≥" if verdict.at_least else "≤"
    beside = f" × {verdict.against}" if verdict.against else ""
    bar = f"{WORDS[verdict.number]} {sign} {verdict.limit:g}{beside}"
    met = "yes" if verdict.met else "**no**"
    return f"| {outcome.title} | {bar} | {verdict.value:.2f} | {met} |"


def _side_lines(outcome: Outcome) -> Iterator[str]:
    for side, numbers in outcome.medians.items():
        cells = [_cell(numbers, name, digits) for name, _, digits in COLUMNS]
        shown = {name for name, _, _ in COLUMNS}
        rest = ", ".join(
            f"{name} {value:.4g}" for name, value in numbers.items() if name not in shown
        )
        yield f"| {outcome.title} | {side} | {' | '.join(cells)} | {rest} |"


def _cell(numbers: Numbers, name: str, digits: int) -> str:
    return f"{numbers[name]:,.{digits}f}" if name in numbers else ""


if __name__ == "__main__":
    found = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Report)
    place(markdown(found), *map(Path, sys.argv[2:]))
