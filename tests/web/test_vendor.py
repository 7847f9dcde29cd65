"""The libraries the page is built on are what npm has of them, and nothing else."""

import subprocess
from pathlib import Path

import pytest

from backend.http.pages import WEB
from tests.node import MODULES, NODE

ENTRY = Path(__file__).parents[1] / "node" / "preact.js"
OPTIONS = ("--bundle", "--format=esm", "--minify", "--target=es2022", "--legal-comments=none")


@pytest.mark.process
def test_the_bundle_is_made_of_the_sources() -> None:
    """Made again from the pinned sources, vendor/preact.js is the same to the byte."""
    done = subprocess.run(
        [NODE, MODULES / "esbuild" / "bin" / "esbuild", ENTRY, *OPTIONS],
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == (WEB / "vendor" / "preact.js").read_bytes()


@pytest.mark.parametrize("package", ["preact", "@preact/signals", "@preact/signals-core", "htm"])
def test_the_licences_stand_beside_it(package: str) -> None:
    """Each library's licence is in LICENSES.txt, word for word."""
    licence = (MODULES / package / "LICENSE").read_text().strip()
    assert licence in (WEB / "vendor" / "LICENSES.txt").read_text()
