"""What browsers are sent of the page is made of its sources, and is small."""

import gzip
from pathlib import Path

import pytest

from backend.http.pages import WEB
from tests.web.build import BUILT, build

FIRST_LOAD = 60_000  # bytes, compressed: everything until one is logged in and chatting


@pytest.mark.process
def test_the_page_is_built_of_its_sources(tmp_path: Path) -> None:
    """Built again, the files are the same to the byte; if not, `make page` was forgotten."""
    committed = {path.name: path.read_bytes() for path in BUILT.iterdir()}
    assert build(tmp_path) == committed, "run `make page`"


def test_the_first_load_is_small() -> None:
    """The page, its script, its styles and its icon are at most 60 kB on the wire."""
    first = [WEB / "index.html", WEB / "image" / "icon.svg", WEB / "manifest.webmanifest"]
    files = [*first, *BUILT.iterdir()]
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in files}
    assert sum(sizes.values()) <= FIRST_LOAD, sizes
