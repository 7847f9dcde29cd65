"""The client library's types hold, and its list of what can be repeated is the server's."""

import re
import subprocess

import pytest

from backend.protocol.events import REQUESTS
from tests.node import MODULES, NODE
from tests.web.program import SDK

REPEATABLE = re.compile(r"export const REPEATABLE = /(.+)/;")


@pytest.mark.process
def test_the_types_hold() -> None:
    """TypeScript finds nothing to complain of, strictly, in the comments and declarations."""
    tsc = [str(NODE), str(MODULES / "typescript" / "bin" / "tsc"), "-p", str(SDK)]
    done = subprocess.run(tsc, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_what_is_repeated_changes_nothing_twice() -> None:
    """Of the requests that change something, only marks are sent again without asking."""
    found = REPEATABLE.search((SDK / "requests.js").read_text())
    assert found is not None
    repeated = {name for name in REQUESTS if re.match(found[1], name)}
    reads = {name for name, kind in REQUESTS.items() if not kind.GOES_TO}
    assert repeated == reads | {"mark_read", "mark_delivered"}
