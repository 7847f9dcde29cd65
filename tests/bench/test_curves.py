"""The picture of how cost grows shows what was measured, and the one in docs/ is this code's."""

from xml.etree import ElementTree

import pytest

from tests.bench.curves import HEIGHT, PICTURE, WIDTH, Curve, curves, drawn, kept
from tests.bench.scenario import Outcome
from tests.bench.scenarios.history import name

SVG = "{http://www.w3.org/2000/svg}"


def outcome(name: str, numbers: dict[str, dict[str, float]]) -> Outcome:
    return Outcome(name, f"the {name}", numbers, {}, [])


OUTCOMES = [
    outcome("echo", {"product": {"cpu_us": 1}}),
    outcome("growth-members", {
        "10 product": {"cpu_us": 20}, "10 storing": {"cpu_us": 10},
        "100 product": {"cpu_us": 4}, "100 storing": {"cpu_us": 3},
    }),
    outcome("get-messages", {name(10_000): {"cpu_us": 800}, name(10**6): {"cpu_us": 1200}}),
]  # fmt: skip


def test_what_grows_is_drawn_line_by_line() -> None:
    """Each server's sizes in order; of the reads by how much is stored."""
    members, history = curves(OUTCOMES)
    assert members.lines == {"product": [(10, 20), (100, 4)], "storing": [(10, 10), (100, 3)]}
    assert history.lines == {"the get-messages": [(10_000, 800), (1_000_000, 1200)]}


def test_every_point_lies_in_its_panel_and_higher_is_more() -> None:
    (panel,) = ElementTree.fromstring(drawn(curves(OUTCOMES)[:1])).findall(f"{SVG}g")
    points = [
        (float(each.attrib["cx"]), float(each.attrib["cy"])) for each in panel.iter(f"{SVG}circle")
    ]
    assert len(points) == 4
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in points)
    (first, second), floor = points[:2], points[2]
    assert first[0] < second[0]
    assert first[1] < floor[1] < second[1]


def test_axes_have_numbers_and_units_in_light_and_dark() -> None:
    picture = drawn(curves(OUTCOMES))
    texts = {each.text for each in ElementTree.fromstring(picture).iter(f"{SVG}text")}
    assert {
        "10",
        "100",
        "0",
        "5",
        "20",
        "members online",
        "server CPU, µs a read",
        "10,000",
    } <= texts
    assert "prefers-color-scheme: dark" in picture


@pytest.mark.parametrize("name", ["a < b & c", "&lt;", "</metadata>"])
def test_a_picture_keeps_what_it_was_drawn_from(name: str) -> None:
    """Whatever its lines are called."""
    found = [Curve("title", "x", "y", {name: [(1, 2), (10, 3)]})]
    assert ElementTree.fromstring(drawn(found)).tag == f"{SVG}svg"
    assert kept(drawn(found)) == found


def test_the_picture_in_docs_is_drawn_by_this_code() -> None:
    picture = PICTURE.read_text()
    found = kept(picture)
    assert len(found) == 4
    assert drawn(found) == picture
