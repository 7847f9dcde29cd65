"""Sockets that are opened, and then not read; and subprotocols that are none."""

import contextlib
import re
from pathlib import Path

from backend.logs import LINE_LENGTH, LINES_AT_ONCE, LINES_PER_SECOND
from backend.store import log
from backend.store.engine.connection import open_database
from backend.store.log import Audience
from tests.abuse.attacks import sockets
from tests.abuse.siege import SECONDS, Siege

MISSED_BYTES = 24 * 1024 * 1024
ROW_BYTES = 8 * 1024
MOST = 50  # MAX_SOCKETS_PER_USER
EACH = 3 * 2**20  # an outbox, what the transport holds, and the same of one that is just closed
LOGGERS = 4


def peak(pid: int) -> int:
    """The most a process has held resident, in bytes."""
    found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    assert found is not None
    return int(found[1]) * 1024


def let_miss(path: str, user_id: int) -> None:
    """Let somebody have missed much: rows for them alone."""
    body = b'{"id":1,"content":"' + b"x" * ROW_BYTES + b'"}'
    with contextlib.closing(open_database(path)) as db, db.transaction():
        for _ in range(MISSED_BYTES // ROW_BYTES):
            log.append(db, Audience.USER, user_id, "send_message", body)


async def test_resuming_without_reading_costs_others_nothing(siege: Siege) -> None:
    """Two hundred at once, of an account that may have fifty, each with 24 MB to be replayed."""
    mallory = await siege.town.person("mallory")
    socket = await mallory.connect()
    cursor, id_ = (await socket.ask("ping"))["cursor"], (await socket.do("self"))["id"]
    await socket.close()
    let_miss(str(siege.server.dbpath), id_)
    Path(f"/proc/{siege.server.pid}/clear_refs").write_text("5")
    before = peak(siege.server.pid)
    attack = siege.attack(sockets.resume_unread, token=mallory.token, cursor=cursor, sockets=200)
    assert await siege.bears(attack) > MOST, "too little happened, this proved nothing"
    assert peak(siege.server.pid) - before < MOST * EACH


async def test_odd_subprotocols_fill_no_log(siege: Siege) -> None:
    """Strangers offer megabytes of them: what is logged is bounded by the second, not by them."""
    told = len(siege.server.output)
    sent = await siege.bears(siege.attack(sockets.odd_subprotocols))
    assert sent > 100 * LINE_LENGTH, "too little happened, this proved nothing"
    lines = LOGGERS * (LINES_AT_ONCE + LINES_PER_SECOND * SECONDS * 2)
    logged = siege.server.output[told:]
    assert logged.count("\n") <= lines
    assert len(logged) < min(lines * LINE_LENGTH, sent / 10)
