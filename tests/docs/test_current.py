"""The docs say what the code says."""

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from backend.reference.endpoints import http_parts
from backend.reference.generated import fill, generated
from backend.reference.markdown import parts
from backend.reference.tables import Limits
from backend.settings import Settings, limits_of

DOCS = Path(__file__).parents[2] / "docs"
ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`)? ?\| (.+) \|$", re.M)


def test_generated_docs_are_current() -> None:
    """Every generated file is what `make docs` would write now."""
    made = generated(DOCS, limits_of(Settings()))
    stale = [path.name for path, text in made.items() if path.read_text() != text]
    assert made
    assert not stale, "run `make docs`"


@pytest.mark.parametrize(("name", "made"), [("protocol.md", parts), ("http.md", http_parts)])
def test_every_part_has_its_place(name: str, made: Callable[[Limits], dict[str, str]]) -> None:
    """A document has a place for every part that is made, and for no other."""
    places = re.findall(r"<!-- begin: (\w+) -->", (DOCS / name).read_text())
    assert sorted(places) == sorted(made(limits_of(Settings())))


def test_filling_replaces_what_was_there() -> None:
    """Filling a filled text again changes nothing, and a stale part does not survive."""
    text = "a\n<!-- begin: x -->\nold\n<!-- end: x -->\nb\n"
    once = fill(text, {"x": "new"})
    assert "old" not in once
    assert fill(once, {"x": "new"}) == once


def test_settings_are_documented() -> None:
    """docs/settings.md names every setting once, in the code's order, with its default."""
    rows = ROW.findall((DOCS / "settings.md").read_text())
    told = [(name, default) for name, default, _ in rows]
    coded = [
        (field.encode_name, _shown(field.default)) for field in msgspec.structs.fields(Settings)
    ]
    assert told == coded


@pytest.mark.parametrize("name", ["protocol.md", "http.md"])
def test_links_lead_somewhere(name: str) -> None:
    """Every link within a document has its heading."""
    text = (DOCS / name).read_text()
    headings = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return ",".join(default) if isinstance(default, tuple) else str(default)
