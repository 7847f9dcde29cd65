"""A file while it comes in, and the folder it gets its place in."""

import contextlib
import hashlib
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.files.incoming import PIECE, Incoming
from backend.files.storage import Storage, Threads, folder_at


async def kept(storage: Storage, *pieces: bytes) -> str:
    """Store these pieces as one file; gives its hash."""
    async with Incoming(storage.incoming, Threads()) as incoming:
        for piece in pieces:
            await incoming.add(piece)
        sha256 = await incoming.finish()
        await storage.keep(incoming.path, sha256)
    return sha256


async def all_of(storage: Storage, sha256: str, start: int, length: int) -> bytes:
    """What is read of a file."""
    return b"".join([piece async for piece in storage.read(sha256, start, length)])


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, PIECE * 3), max_size=6), st.floats(0, 1), st.floats(0, 1))
async def test_what_was_written_is_read(
    tmp_path: Path, sizes: list[int], begin: float, part: float
) -> None:
    """In whatever pieces it came, any part of it is as it was, under its hash."""
    storage = folder_at(tmp_path)
    pieces = [bytes([number % 256]) * size for number, size in enumerate(sizes)]
    content = b"".join(pieces)
    sha256 = await kept(storage, *pieces)
    assert sha256 == hashlib.sha256(content).hexdigest()
    start = int(begin * len(content))
    length = int(part * (len(content) - start))
    assert await all_of(storage, sha256, start, length) == content[start : start + length]
    assert await storage.size(sha256) == len(content)


async def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    """Nobody else on the machine may read them, or list them."""
    storage = folder_at(tmp_path / "files")
    path = storage.path(await kept(storage, b"mine"))
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, path.parents[1])]
    assert modes == [0o600, 0o700, 0o700]


async def test_what_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    """Neither in its place nor where it came in."""
    storage = folder_at(tmp_path)
    with contextlib.suppress(ConnectionError):
        async with Incoming(storage.incoming, Threads()) as incoming:
            await incoming.add(bytes(PIECE))
            assert incoming.path.exists()
            raise ConnectionError
    assert list(storage.incoming.iterdir()) == []
    assert [each async for each in storage.listed()] == []


async def test_what_is_taken_away_is_gone(tmp_path: Path) -> None:
    """Once or twice makes no difference."""
    storage = folder_at(tmp_path)
    sha256 = await kept(storage, b"something")
    assert [each async for each in storage.listed()] == [sha256]
    for _ in range(2):
        await storage.delete(sha256)
    assert await storage.size(sha256) is None
    with pytest.raises(FileNotFoundError):
        await all_of(storage, sha256, 0, 9)
