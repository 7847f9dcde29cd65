"""However many uploads come at once, and however large: none is ever whole in memory.

The suite takes a few small ones; UPLOADS=100 UPLOAD_MB=100 in the environment takes more.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

from tests.files.uploading import send_file
from tests.guarantees.conftest import Serve

UPLOADS = int(os.environ.get("UPLOADS", "40"))
MEGABYTES = int(os.environ.get("UPLOAD_MB", "8"))
EACH = 0.4 * 2**20  # what aiohttp and the allocator hold of what comes in, and our pieces
IN_ALL = 20 * 2**20  # threads, and what the first of many make room for
NO_LIMITS = {
    "MAX_FILE_BYTES": "1000000000", "MAX_STORAGE_PER_USER": "1000000000000",
    "UPLOADS_PER_HOUR": "1000000", "PURGE_INTERVAL": "3600",
}  # fmt: skip


def memory(pid: int, name: str) -> int:
    """What a process holds resident, now (VmRSS) or at most since its peak was reset (VmHWM)."""
    found = re.search(rf"^{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    assert found is not None
    return int(found[1]) * 1024


async def test_many_uploads_at_once(serve: Serve) -> None:
    """All are begun before any ends; each takes some hundreds of kilobytes, however large it is."""
    server, people = await serve(**NO_LIMITS)
    alice = await people.person("alice")
    await send_file(alice, b"the first one imports what all need")
    Path(f"/proc/{server.pid}/clear_refs").write_text("5")  # the tests' servers are forked of these
    before = memory(server.pid, "VmRSS")
    begun = asyncio.Barrier(UPLOADS)

    async def content() -> AsyncIterator[bytes]:
        piece = bytes(1_000_000)
        for number in range(MEGABYTES):
            yield piece
            if number == MEGABYTES // 2:
                await begun.wait()

    replies = await asyncio.gather(*(send_file(alice, content()) for _ in range(UPLOADS)))
    assert {reply.status for reply in replies} == {201}
    assert memory(server.pid, "VmHWM") - before < IN_ALL + UPLOADS * EACH
