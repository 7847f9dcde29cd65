"""The parts of the client library by themselves, with a clock moved by hand."""

import subprocess
from pathlib import Path

import pytest

from tests.node import NODE

pytestmark = pytest.mark.process

UNIT = Path(__file__).parent / "unit"


def test_the_parts() -> None:
    """What `node --test` runs: connecting and backing off, windows, the queue, storage, tokens."""
    files = sorted(str(path) for path in UNIT.glob("*.test.mjs"))
    done = subprocess.run(
        [str(NODE), "--test", "--test-force-exit", "--test-reporter=spec", *files],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr
