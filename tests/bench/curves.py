"""The picture of how cost grows, docs/curves.svg: drawn from a run's numbers, with their units.

`python -m tests.bench.curves FILE.json` draws it. What it was drawn from stands in it, so that it
can be drawn again.
"""

import sys
from collections.abc import Callable, Iterator
from math import ceil, floor, log10
from pathlib import Path
from xml.sax.saxutils import escape, unescape

import msgspec

from tests import ROOT
from tests.bench.report import Report
from tests.bench.scenario import Outcome

PICTURE = ROOT / "docs" / "curves.svg"
WIDTH, HEIGHT = 430, 290
LEFT, RIGHT, TOP, BOTTOM = 52, 34, 46, 42
STYLE = """
text { font: 11px system-ui, sans-serif; fill: #444 }
.title { font-size: 13px; font-weight: 600; fill: #111 }
.axis { stroke: #888 } .grid { stroke: #ddd }
.s0 { stroke: #0b57d0; fill: #0b57d0 } .s1 { stroke: #b3261e; fill: #b3261e }
polyline { fill: none !important; stroke-width: 2 } text.s0, text.s1 { stroke: none }
@media (prefers-color-scheme: dark) {
text { fill: #bbb } .title { fill: #eee } .axis { stroke: #777 } .grid { stroke: #333 }
.s0 { stroke: #8ab4f8; fill: #8ab4f8 } .s1 { stroke: #f2b8b5; fill: #f2b8b5 }
}
"""
METADATA = "<metadata>", "</metadata>"
Points = list[tuple[float, float]]


class Curve(msgspec.Struct, frozen=True):
    """One of the pictures: what is drawn over what, and its lines by name."""

    title: str
    x: str
    y: str
    lines: dict[str, Points]


# scenarios that are drawn, the number of theirs, and the words
GROWTH = (
    ("growth-members", "cpu_us", "Cost of a delivery", "members online",
     "server CPU, µs a delivery"),
    ("growth-sockets", "kib_per_connection", "Memory of a socket", "sockets", "KiB a socket"),
    ("growth-batch", "cpu_us", "Cost of a message, by how many wait",
     "in flight per pair, of 100 pairs", "server CPU, µs a message"),
)  # fmt: skip
HISTORY = ("get-messages", "get-conversations")
SIZES = {"k": 10**3, "M": 10**6}


def curves(outcomes: list[Outcome]) -> list[Curve]:
    """What of a run can be drawn."""
    by_name = {outcome.name: outcome for outcome in outcomes}
    found = [
        Curve(title, x, y, _lines(by_name[name], number))
        for name, number, title, x, y in GROWTH
        if name in by_name
    ]
    history = {
        by_name[name].title: [
            (_size(side), numbers["cpu_us"]) for side, numbers in by_name[name].medians.items()
        ]
        for name in HISTORY
        if name in by_name
    }
    if history:
        found.append(Curve("Cost of a read", "messages stored", "server CPU, µs a read", history))
    return found


def _lines(outcome: Outcome, number: str) -> dict[str, Points]:
    lines: dict[str, Points] = {}
    for side, numbers in outcome.medians.items():
        size, server = side.split()
        lines.setdefault(server, []).append((float(size), numbers[number]))
    return lines


def _size(side: str) -> float:
    """The number that `scenarios.history.name` has called so."""
    number, _, letter = side.partition(" ")
    return float(number) * SIZES.get(letter, 1)


def drawn(found: list[Curve]) -> str:
    """The picture of all of them, two in a row."""
    rows = ceil(len(found) / 2)
    data = escape(msgspec.json.encode(found).decode())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="How cost grows"'
        f' viewBox="0 0 {2 * WIDTH} {rows * HEIGHT}">',
        f"{METADATA[0]}{data}{METADATA[1]}",
        f"<style>{STYLE}</style>",
    ]
    for number, curve in enumerate(found):
        place = f"translate({number % 2 * WIDTH} {number // 2 * HEIGHT})"
        parts += [f'<g transform="{place}">', *_panel(curve), "</g>"]
    return "\n".join([*parts, "</svg>\n"])


def _panel(curve: Curve) -> Iterator[str]:
    points = [point for line in curve.lines.values() for point in line]
    low = floor(log10(min(x for x, _ in points)))
    high = max(low + 1, ceil(log10(max(x for x, _ in points))))
    step = _step(max(y for _, y in points))
    steps = ceil(max(y for _, y in points) / step) or 1
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def across(x: float) -> float:
        return round(LEFT + (log10(x) - low) / (high - low) * width, 1)

    def down(y: float) -> float:
        return round(HEIGHT - BOTTOM - y / (steps * step) * height, 1)

    yield f'<text class="title" x="{LEFT}" y="16">{curve.title}</text>'
    yield from _axes(curve, [10**power for power in range(low, high + 1)], across,
                     [step * number for number in range(steps + 1)], down)  # fmt: skip
    for number, (name, line) in enumerate(curve.lines.items()):
        path = " ".join(f"{across(x)},{down(y)}" for x, y in line)
        yield f'<polyline class="s{number}" points="{path}"/>'
        yield from (
            f'<circle class="s{number}" r="3" cx="{across(x)}" cy="{down(y)}"/>' for x, y in line
        )
        at = LEFT + 8 + number * 160
        yield f'<text class="s{number}" x="{at}" y="{TOP - 14}">● {escape(name)}</text>'


def _axes(
    curve: Curve,
    xs: list[int],
    across: Callable[[float], float],
    ys: list[float],
    down: Callable[[float], float],
) -> Iterator[str]:
    """Lines and numbers of both axes, and what they count; the one across is logarithmic."""
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    for y in ys:
        kind = "grid" if y else "axis"
        yield f'<path class="{kind}" d="M{LEFT} {down(y)}H{right}"/>'
        yield f'<text x="{LEFT - 6}" y="{down(y) + 4}" text-anchor="end">{y:,g}</text>'
    for x in xs:
        yield f'<path class="axis" d="M{across(x)} {bottom}v5"/>'
        yield f'<text x="{across(x)}" y="{bottom + 17}" text-anchor="middle">{x:,}</text>'
    middle = (LEFT + right) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{curve.x}</text>'
    turned = f"translate(13 {(TOP + bottom) / 2}) rotate(-90)"
    yield f'<text transform="{turned}" text-anchor="middle">{curve.y}</text>'


def _step(most: float) -> float:
    """A round number of which about five make the most."""
    rough = max(most, 1e-9) / 5
    power = 10 ** floor(log10(rough))
    return next(float(f"{each * power:g}") for each in (1, 2, 5, 10) if each * power >= rough)


def kept(picture: str) -> list[Curve]:
    """What a picture was drawn from."""
    data = picture.partition(METADATA[0])[2].partition(METADATA[1])[0]
    return msgspec.json.decode(unescape(data), type=list[Curve])


if __name__ == "__main__":
    report = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Report)
    PICTURE.write_text(drawn(curves(report.outcomes)))
