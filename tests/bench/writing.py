"""A node that only writes messages into PostgreSQL, in batches: as the product does, or by hand.

`python -m tests.bench.writing`: a job as a line of JSON, a line `go`; the last line out is numbers.
"""

import contextlib
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Literal

import msgspec

from backend.handlers.base import Write
from backend.handlers.table import HANDLERS
from backend.protocol.messages import SendMessage
from backend.settings import Settings, limits_of
from backend.store import log
from backend.store.batch import Done, Outcome, Work, commit_batch
from backend.store.engine.connection import open_database
from backend.store.engine.db import Db, OpenDb
from backend.store.writer import MAX_BATCH
from backend.views.viewer import Viewer
from tests.bench.floors.bulk import Bulk
from tests.bench.floors.messages import Send
from tests.bench.load.clock import Numbers, cpu_seconds, latencies, now

LIMITS = limits_of(Settings())
WARM = 5  # batches before the clock runs
PAUSE = 0.0005

Batch = Sequence[tuple[int, Send]]


class Writing(msgspec.Struct):
    """The job: for so many seconds, into the conversations whose ids are those of their senders.

    Batch after batch of `batch` messages; or, with a `rate`, so many messages a second, each batch
    what has come while the one before was written.
    """

    where: str
    by: Literal["product", "hand"]
    conversations: list[int]
    batch: int
    seconds: float
    rate: float = 0


class Nobody:
    """A presence in which nobody is online."""

    def is_online(self, user_id: int) -> bool:
        """No."""
        return False


class Product:
    """The product's batches, from handlers to the commit, without sockets."""

    def __init__(self, db: OpenDb) -> None:
        self.db = db
        with db.snapshot():
            self._position = log.head(db)

    def write(self, sent: Batch) -> None:
        """Store messages."""
        handler = HANDLERS[SendMessage]
        assert isinstance(handler, Write)
        asked = [(_viewer(user), _request(send)) for user, send in sent]

        def run(me: Viewer, request: SendMessage, db: Db) -> Outcome[object]:
            answer = handler.run(db, me, request)
            return Outcome(answer, answer.log_id)

        works: list[tuple[Work[object], Done[object]]] = [
            (partial(run, *each), _done) for each in asked
        ]
        commit = commit_batch(
            self.db, works, self._position,
            ahead=lambda: [each for me, request in asked for each in handler.ahead(me, request)],
        )  # fmt: skip
        assert all(settled.error is None for _, settled in commit.settled), commit.settled[0]
        assert len(commit.settled) == len(sent), "a batch was full before its end"
        self._position = commit.position


def _viewer(user: int) -> Viewer:
    return Viewer(user, f"user{user}", user, Nobody(), LIMITS)


def _request(send: Send) -> SendMessage:
    return SendMessage(
        conversation_id=send.conversation_id, content=send.content, client_id=send.client_id
    )


def _done(settled: object, told: bytes | None) -> None:
    """Nobody is told."""


def messages(conversations: Sequence[int]) -> Iterator[tuple[int, Send]]:
    """A message after the other, by turns in each conversation."""
    run, number = secrets.token_hex(4), 0
    while True:
        for each in conversations:
            number += 1
            text = f"What is said here is as long as what people say on average, number {number}"
            yield each, Send(each, text, client_id=f"{run}-{number}")


@contextlib.contextmanager
def writer(where: str, by: str) -> Iterator[Callable[[Batch], None]]:
    """What writes a batch."""
    if by == "hand":
        with contextlib.closing(Bulk(where)) as bulk:
            yield bulk.write
    else:
        with contextlib.closing(open_database(where)) as db:
            yield Product(db).write


def closed(
    job: Writing, write: Callable[[Batch], None], source: Iterator[tuple[int, Send]]
) -> tuple[int, list[float]]:
    """Batch after batch; gives how many messages, and how long each batch took."""
    took: list[float] = []
    ends = now() + job.seconds
    while not took or now() < ends:
        batch = [next(source) for _ in range(job.batch)]
        since = now()
        write(batch)
        took.append(now() - since)
    return len(took) * job.batch, took


def paced(
    job: Writing, write: Callable[[Batch], None], source: Iterator[tuple[int, Send]]
) -> tuple[int, list[float]]:
    """At a steady rate; gives how many messages, and how long each was on its way to the disk."""
    took: list[float] = []
    begun, total = now(), max(1, int(job.rate * job.seconds))
    while len(took) < total:
        due = min(total, int((now() - begun) * job.rate), len(took) + MAX_BATCH)
        if due == len(took):
            time.sleep(PAUSE)
            continue
        write([next(source) for _ in range(due - len(took))])
        took += [now() - begun - each / job.rate for each in range(len(took), due)]
    return total, took


def main() -> None:
    """Do the job."""
    job = msgspec.json.decode(sys.stdin.readline(), type=Writing)
    source = messages(job.conversations)
    with writer(job.where, job.by) as write:
        for _ in range(WARM):
            write([next(source) for _ in range(job.batch)])
        print("ready", flush=True)
        sys.stdin.readline()
        cpu, begun = cpu_seconds(), now()
        count, took = (paced if job.rate else closed)(job, write, source)
        elapsed, cpu = now() - begun, cpu_seconds() - cpu
    numbers: Numbers = {
        "messages": count, "throughput": count / elapsed, **latencies(took),
        "cpu_us": cpu / count * 1e6,
    }  # fmt: skip
    print(msgspec.json.encode(numbers).decode(), flush=True)


if __name__ == "__main__":
    main()
