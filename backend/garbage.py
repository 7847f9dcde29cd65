"""The garbage collector, kept from stopping everything for long.

What a server makes is freed by reference counts; a collection only finds cycles, and goes through
what lives to do so, half a microsecond for each object: 250 ms with 5,000 sockets. So it goes
through what is new, often, and through what is old once.
"""

import gc
import time
from typing import Literal

from backend.instruments import Histogram

PAUSES = Histogram()
"""How long collections took, all threads standing still."""
# Objects that are new since the last collection: of so many, twice as many, three times as many.
THRESHOLDS = (7_000, 0, 0)
OLDEST = 2
LONG_SECONDS = 0.005


def settle() -> None:
    """Leave alone what is there for good by now, and what will have lived through a long pass."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.callbacks.append(_Watch())


class _Watch:
    """Told of every collection, of which there is one at a time."""

    def __init__(self) -> None:
        self._began = 0.0

    def __call__(self, phase: Literal["start", "stop"], info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.perf_counter()
            return
        took = time.perf_counter() - self._began
        PAUSES.add(took)
        if info["generation"] == OLDEST and took > LONG_SECONDS:
            gc.freeze()  # a cycle of these that is let go of later stays; sockets are none
