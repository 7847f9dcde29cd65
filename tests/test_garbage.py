"""The collector goes through what is old once, and is counted."""

import subprocess
import sys

import pytest

from tests import ROOT

# in a process of its own: there is one collector in each
GROWING = """
import gc
from backend import garbage

garbage.LONG_SECONDS = 0  # whatever this machine takes for it
garbage.settle()
settled = gc.get_freeze_count()
kept = [[] for _ in range(300_000)]
assert gc.get_freeze_count() - settled > 200_000, "what lived through long passes"
assert garbage.PAUSES.count > 10

import weakref

class Cycle:
    pass

gc.collect()
gc.freeze()
frozen = gc.get_freeze_count()
gone = []
for _ in range(100_000):
    cycle = Cycle()
    cycle.itself = cycle
    if not gone:
        gone.append(weakref.ref(cycle))
del cycle
assert gone[0]() is None, "cycles that are let go of are found"
assert gc.get_freeze_count() - frozen < 100, "but for those of the moment nothing lived on"
"""


@pytest.mark.process
def test_what_is_old_is_looked_at_once_and_cycles_are_found() -> None:
    """As sockets pile up no pass gets longer, and what is let go of is freed."""
    done = subprocess.run(
        [sys.executable, "-c", GROWING], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
