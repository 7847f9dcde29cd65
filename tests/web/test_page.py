"""The page's scripts without a browser: types, what it must never do, formatting."""

import re
import subprocess
from pathlib import Path

import pytest

from backend.http.pages import WEB
from tests.node import MODULES, NODE
from tests.web.program import PROGRAMS

SCRIPTS = [path for room in ("page", "inspect") for path in sorted((WEB / room).glob("*.js"))]
MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\b")


@pytest.mark.process
def test_the_types_hold() -> None:
    """TypeScript finds nothing to complain of, strictly."""
    tsc = [str(NODE), str(MODULES / "typescript" / "bin" / "tsc"), "-p", str(WEB)]
    done = subprocess.run(tsc, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_text_becomes_markup(script: Path) -> None:
    """No script of the pages can make elements out of text."""
    assert MARKUP.findall(script.read_text()) == []


@pytest.mark.process
def test_formatting_keeps_every_word() -> None:
    """Random texts: nothing is lost or made up, links lead to the web, and it is quick."""
    done = subprocess.run(
        [str(NODE), str(PROGRAMS / "formatting.mjs")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
