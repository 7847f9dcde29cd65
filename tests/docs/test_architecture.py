"""docs/architecture.md draws what is there, and all of it."""

import re

import pytest

from tests import ROOT

BACKEND = ROOT / "backend"
TEXT = (ROOT / "docs" / "architecture.md").read_text()
ROOMS = sorted(each.parent.name for each in BACKEND.glob("*/__init__.py"))
FILES = sorted(each.name for each in BACKEND.glob("[a-z]*.py"))
# `room/file`, `room/file.py`, or `room/file.name` for something in it; X stands for any noun
NAMED = re.compile(rf"(?<![\w/])((?:{'|'.join(ROOMS)})(?:/[a-z_]+)+)(?:\.([a-z_]+))?")


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED.findall(TEXT))))
def test_what_is_named_is_there(path: str, name: str) -> None:
    """A folder, a file, or a function in a file."""
    if not name and (BACKEND / path).is_dir():
        return
    code = (BACKEND / f"{path}.py").read_text()
    assert name in {"", "py"} or re.search(rf"^(def|class) {name}\b", code, re.M)


@pytest.mark.parametrize("name", [*(f"{room}/" for room in ROOMS), *FILES])
def test_what_is_there_is_named(name: str) -> None:
    """Every room has its line in the table of layers, as has every file outside of them."""
    assert f"\n| `{name}` |" in TEXT


@pytest.mark.parametrize("name", re.findall(r"`([a-z_]+\.py)`", TEXT))
def test_files_outside_of_rooms_are_there(name: str) -> None:
    """Named by their name alone."""
    assert (BACKEND / name).is_file()
