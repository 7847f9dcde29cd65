"""Files: how fast they come and go, and what the chat feels of it."""

import contextlib
import shutil
from collections.abc import Iterator
from functools import partial

from tests.bench.load.clock import Numbers
from tests.bench.load.transfer import Transfer
from tests.bench.loading import measure, probing
from tests.bench.process import Server, serve
from tests.bench.scenario import Bar, Bench, Scenario, Side
from tests.bench.scenarios.one_to_one import job_for, make_world
from tests.bench.world import mint, token_of

AT_ONCE = 4
UPLOADS = 8
CHAT_RATE = 500.0  # messages a second, which leaves the machine half idle
ROOM = {
    "MAX_FILE_BYTES": str(10**9), "MAX_STORAGE_PER_USER": str(10**14),
    "UPLOADS_PER_HOUR": str(10**9),
}  # fmt: skip


def moved(bench: Bench, server: str, is_upload: bool, prefix: str = "") -> Numbers:
    """Move files up or down, at a path that begins with `prefix`."""
    path = bench.copy("files.db", lambda path: mint(path, 1, []))
    with serve(server, path, ROOM) as running:
        job = Transfer(
            running.port, token_of(1), bench.scale.file_bytes, AT_ONCE, is_upload,
            bench.scale.files, prefix,
        )  # fmt: skip
        numbers = measure(running, job, "megabytes")
    shutil.rmtree(path.parent / ".data", ignore_errors=True)
    return numbers


@contextlib.contextmanager
def uploading(bench: Bench, server: Server, number: int) -> Iterator[None]:
    """So many uploads at once, again and again."""
    found: Numbers = {}
    job = Transfer(server.port, token_of(1), bench.scale.file_bytes, number)
    with probing(job, found):
        yield


def chat(bench: Bench, uploads: int) -> Numbers:
    """The chat at a steady pace, with so many uploads beside it."""
    pairs = bench.scale.pairs
    path = bench.copy("pairs.db", lambda path: make_world(path, pairs))
    messages = max(1, int(CHAT_RATE * bench.scale.half_load_seconds / pairs))
    with serve("product", path, ROOM) as running:
        beside = uploading(bench, running, uploads) if uploads else None
        job = job_for(running, pairs, messages, rate=CHAT_RATE)
        numbers = measure(running, job, "messages", beside)
    shutil.rmtree(path.parent / ".data", ignore_errors=True)
    return numbers


def _moving(name: str, title: str, is_upload: bool) -> Scenario:
    move = partial(moved, is_upload=is_upload)
    sides: dict[str, Side] = {
        "product": partial(move, server="product"),
        "files": partial(move, server="files"),
    }
    bars = [Bar("throughput", "product", 0.7, "files", at_least=True)]
    if is_upload:
        sides["hashed"] = partial(move, server="files", prefix="/hashed")
        bars.append(Bar("throughput", "product", 0.7, "hashed", at_least=True))
    return Scenario(name, title, sides, tuple(bars))


SCENARIOS = (
    _moving("upload", "files up, four at once, MB per second", True),
    _moving("download", "files down, four at once, MB per second", False),
    Scenario(
        "chat-beside-uploads",
        "one-to-one at 500 a second, beside eight uploads",
        {"eight": partial(chat, uploads=UPLOADS), "none": partial(chat, uploads=0)},
        (Bar("p99_ms", "eight", 2, "none"),),
    ),
)
