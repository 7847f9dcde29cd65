"""How much a page has to load to have the client library."""

import gzip
import subprocess

import pytest

from tests.node import MODULES
from tests.web.program import SDK

ENTRY, LATER = "parley.js", "upload.js"


def packed_size(name: str) -> int:
    """Bytes of a module and of what it loads at once, minified and compressed."""
    esbuild = [MODULES / ".bin" / "esbuild", "--bundle", "--minify", "--format=esm"]
    command = [*map(str, esbuild), f"--external:./{LATER}", str(SDK / name)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    return len(gzip.compress(done.stdout, 9, mtime=0))


@pytest.mark.process
def test_the_library_is_small() -> None:
    """It is at most 8 KiB, and what is loaded with the first file at most half of one more."""
    assert packed_size(ENTRY) <= 8 * 1024
    assert packed_size(LATER) <= 512
