"""docs/CONTRIBUTING.md says how what is there was added."""

import re
from pathlib import Path

import msgspec
import pytest

from backend.handlers.table import HANDLERS
from backend.metrics.table import TABLE
from backend.protocol.events import REQUESTS
from backend.settings import Settings
from backend.store.engine.connection import open_database
from backend.store.migrations import migrate_up
from tests import ROOT

TEXT = (ROOT / "docs" / "CONTRIBUTING.md").read_text()
NAMED = set(re.findall(r"`((?:backend|docs|tests)/[^` ]+)`", TEXT))
NOUNS = {type_: kind.__module__.rpartition(".")[2] for type_, kind in REQUESTS.items()}
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests" / "handlers").glob("*.py"))
STORE = "\n".join(path.read_text() for path in (ROOT / "backend" / "store").rglob("*.py"))
CODE = "\n".join(
    path.read_text() for path in (ROOT / "backend").rglob("*.py") if path.name != "settings.py"
)


@pytest.mark.parametrize("path", sorted(each for each in NAMED if "NOUN" not in each))
def test_what_is_named_is_there(path: str) -> None:
    """Every file and folder that stands in a list."""
    assert (ROOT / path).exists()


@pytest.mark.parametrize("noun", sorted(set(NOUNS.values())))
def test_every_noun_has_its_files(noun: str) -> None:
    """Those of the list about events."""
    events = TEXT.split("## An event")[1].split("##")[0]
    for path in re.findall(r"`(\S*NOUN\S*)`", events):
        assert (ROOT / path.replace("NOUN", noun)).is_file()


@pytest.mark.parametrize("type_", REQUESTS)
def test_every_event_was_added_like_that(type_: str) -> None:
    """Its function has its name, under the noun of its struct; a test asks for it."""
    run = HANDLERS[REQUESTS[type_]].run
    assert run.__name__.rstrip("_") == type_
    assert run.__module__ == f"backend.handlers.{NOUNS[type_]}"
    assert f'"{type_}"' in TESTS


def test_every_table_was_added_like_that(tmp_path: Path) -> None:
    """The store writes it."""
    db = open_database(str(tmp_path / "chat.db"))
    list(migrate_up(db))
    tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    db.close()
    for (name,) in tables:
        if not name.startswith("sqlite_"):
            assert re.search(rf"(INTO|UPDATE|DELETE FROM) {name}\b", STORE), name


def test_every_setting_was_added_like_that() -> None:
    """Something uses it: by its name, or as the limit of a field."""
    limits = re.findall(r'(?:Limit\(|limits\[)"(\w+)"', CODE)
    for field in msgspec.structs.fields(Settings):
        assert f"settings.{field.name}" in CODE or field.encode_name in limits, field.name


@pytest.mark.parametrize("name", [metric.name for metric in TABLE])
def test_every_metric_was_added_like_that(name: str) -> None:
    """It has its row in the docs, and a test reads it."""
    assert f"\n| `{name}` |" in (ROOT / "docs" / "operations.md").read_text()
    assert f'"{name}' in (ROOT / "tests" / "metrics" / "test_figures.py").read_text()
