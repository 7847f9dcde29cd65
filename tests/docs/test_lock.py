"""What is installed is locked, with hashes, and the locks are those of the requirements."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import ROOT

NAME = r"([A-Za-z0-9._-]+)(?:\[[a-z0-9,]+\])?"
WANTED = re.compile(NAME + r"==([^\s;]+)(?:; .+)?")
LOCKED = re.compile(NAME + r"==(\S+)(?: ; .+)? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)")
REQUIRED = [ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"]


class Entry(NamedTuple):
    """A package in a lock; `direct` if a file of requirements names it."""

    version: str
    hashes: frozenset[str]
    direct: bool


def wanted(path: Path) -> dict[str, str]:
    """The requirements of a file and of those it includes: name to version."""
    found: dict[str, str] = {}
    for line in path.read_text().splitlines():
        if line.startswith("-r "):
            found |= wanted(path.parent / line[3:])
        else:
            match = WANTED.fullmatch(line)
            assert match is not None, f"{path.name}: {line!r} is not pinned"
            found[match[1].lower()] = match[2]
    return found


def locked(path: Path) -> dict[str, Entry]:
    """What is in the lock of a file of requirements, each with its hashes."""
    text = path.with_suffix(".lock").read_text()
    found: dict[str, Entry] = {}
    for entry in re.split(r"\n(?=\w)", text)[1:]:
        match = LOCKED.match(f"{entry}\n")
        assert match is not None, entry.splitlines()[0]
        direct = re.search(r"# +(via )?-r ", entry) is not None
        found[match[1]] = Entry(match[2], frozenset(match[3].split()) - {"\\"}, direct)
    return found


@pytest.mark.parametrize("path", REQUIRED, ids=("run", "test"))
def test_the_lock_is_of_the_requirements(path: Path) -> None:
    """Each is locked as it is pinned, and what is required no more is not in it."""
    found = {name: entry.version for name, entry in locked(path).items() if entry.direct}
    assert found == wanted(path), f"{path.stem}.lock is stale: run `make lock`"


def test_both_locks_agree() -> None:
    """What runs is what was tested, also what is needed by what is needed."""
    run, test = map(locked, REQUIRED)
    assert len(run) > 20
    for name, entry in run.items():
        assert entry[:2] == test[name][:2], name
