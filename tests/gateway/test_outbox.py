"""What waits to be written to a socket."""

import asyncio

from backend.protocol import frames
from tests.gateway.memory import EPOCH, MemorySocket


def row(at: int) -> bytes:
    """The head of a row's frame."""
    return frames.durable("ping", frames.shared_part(b"%d" % at, EPOCH, at))


async def test_what_waits_is_written_at_once() -> None:
    """Everything that a loop turn brings is one write."""
    socket = MemorySocket(1)
    socket.outbox.durable(row(1))
    socket.outbox.frame(frames.plain("self", b"1"))
    socket.outbox.durable(row(2))
    assert socket.wire.written == []
    await asyncio.sleep(0)
    assert len(socket.wire.written) == 1
    assert [frame.get("at") for frame in socket.frames()] == [1, None, 2]


async def test_a_durable_frame_ends_with_the_tail_of_its_socket() -> None:
    """The head is shared by all; the cursor is each user's own."""
    cursors = set()
    for user_id in (1, 2):
        socket = MemorySocket(user_id)
        socket.outbox.durable(row(5))
        cursors.add(socket.frames()[0]["cursor"])
    assert len(cursors) == 2


async def test_a_page_that_is_replayed_is_what_its_rows_would_be_one_by_one() -> None:
    """Framed alike, short and long, each with the tail of the socket."""
    page, one_by_one = MemorySocket(1), MemorySocket(1)
    bodies = [b"1", b'"%b"' % (b"x" * 300), b'"%b"' % (b"y" * 70_000)]
    page.outbox.replay([frames.replayed("ping", each, EPOCH, 7) for each in bodies])
    for each in bodies:
        one_by_one.outbox.durable(frames.durable("ping", frames.shared_part(each, EPOCH, 7)))
    await asyncio.sleep(0)
    assert page.wire.written == one_by_one.wire.written


async def test_what_is_ephemeral_waits_as_its_last_value() -> None:
    """A full transport holds it back, and only the newest of a key is written then."""
    socket = MemorySocket(1)
    socket.wire.writing_paused = True
    socket.outbox.durable(row(1))
    socket.outbox.flush()
    for body in (b"1", b"2"):
        socket.outbox.ephemeral("typing", frames.plain("typing", body))
    socket.outbox.ephemeral("status", frames.plain("user_status", b"3"))
    assert [frame["data"] for frame in socket.frames()] == [1]
    assert socket.outbox.is_full
    socket.wire.resume()
    await socket.outbox.room()
    assert [frame["data"] for frame in socket.frames()] == [2, 3]


async def test_who_takes_nothing_is_told_of_only_when_it_is_too_much() -> None:
    """The limit counts what waits while the transport is full."""
    socket = MemorySocket(1, limit=3 * len(row(1)))
    overflows = []
    for _ in range(10):
        socket.outbox.durable(row(1))
        overflows.append(socket.overflows)
    socket.wire.writing_paused = True
    socket.outbox.flush()
    for _ in range(4):
        socket.outbox.durable(row(1))
        overflows.append(socket.overflows)
    assert overflows == [0] * 13 + [1]
    socket.outbox.close()


async def test_a_closed_outbox_writes_nothing() -> None:
    """Nor one whose transport is on its way out."""
    closed, lost = MemorySocket(1), MemorySocket(1)
    closed.outbox.durable(row(1))
    closed.outbox.close()
    lost.wire.closing = True
    lost.outbox.durable(row(1))
    assert closed.frames() == lost.frames() == []
    assert closed.outbox.is_lost
    assert lost.outbox.is_lost
