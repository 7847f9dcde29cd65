"""Run one job: a line of JSON on stdin, then a line `go` per gate; the last line out is numbers."""

import sys

import msgspec
import uvloop

from tests.bench.load.arrive import Arrive
from tests.bench.load.ask import Ask
from tests.bench.load.group import Group
from tests.bench.load.hold import Hold
from tests.bench.load.multitude import Multitude
from tests.bench.load.pairs import Pairs
from tests.bench.load.probe import Probe
from tests.bench.load.sender import Sender
from tests.bench.load.transfer import Transfer
from tests.bench.load.visit import Visit

Job = Pairs | Group | Hold | Arrive | Ask | Multitude | Probe | Sender | Transfer | Visit


def main() -> None:
    """Do the job."""
    job: Job = msgspec.json.decode(sys.stdin.readline(), type=Job)
    numbers = uvloop.run(job.run())
    print(msgspec.json.encode(numbers).decode(), flush=True)


if __name__ == "__main__":
    main()
