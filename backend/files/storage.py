"""Where the bytes of files lie: under the hash of their content, so that each is there once.

What comes in is first written to a file in `incoming`, and moved to its place once it is whole. A
folder is read and written here; an object store (S3, GCS, Azure) is `bucket`'s.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeVar

T = TypeVar("T")

PIECE = 256 * 1024
HASH = re.compile(r"[0-9a-f]{64}")
THREADS = 4
BUCKETS = ("s3://", "gs://", "az://")


class Storage(Protocol):
    """What holds files; all of it raises OSError when it cannot."""

    incoming: Path
    """A folder for what is not whole yet."""

    async def keep(self, path: Path, sha256: str) -> None:
        """Give the file at `path` its place; on disk when this returns, and `path` is gone."""

    async def size(self, sha256: str) -> int | None:
        """How many bytes it has; None when it is not there."""

    def read(self, sha256: str, start: int, length: int) -> AsyncIterator[bytes]:
        """`length` bytes from `start` on, in pieces; raises FileNotFoundError."""

    async def delete(self, sha256: str) -> None:
        """Take it away, if it is there."""

    def listed(self) -> AsyncIterator[str]:
        """The hash of everything there is, in no order."""


def open_storage(where: str, dbpath: str) -> Storage:
    """The storage of FILES; its folders are made, readable by the owner only."""
    if where.startswith(BUCKETS):
        from backend.files.bucket import Bucket  # noqa: PLC0415  (a folder needs no client)

        return Bucket(where, make_folder(Path(f"{dbpath}.incoming")))
    return folder_at(Path(where))


def folder_at(path: Path) -> "Folder":
    """Files in that folder, which is made if it is not there."""
    folder = Folder(make_folder(path))
    make_folder(folder.incoming)
    return folder


def make_folder(path: Path) -> Path:
    """The folder, made if it is not there."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


class Threads:
    """Where what may wait for a disk is done."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="files")

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives or raises."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


class Folder:
    """Files in a folder: the hash `abcdef…` lies at `ab/cdef…`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = Threads()
        self.incoming = folder / "incoming"

    def path(self, sha256: str) -> Path:
        """Where it lies, or would; raises ValueError for what is no hash, which may lead away."""
        if not HASH.fullmatch(sha256):
            raise ValueError(f"{sha256!r} is no hash of a file's bytes")
        return self._folder / sha256[:2] / sha256[2:]

    async def keep(self, path: Path, sha256: str) -> None:
        """As Storage says."""
        await self._threads.run(lambda: self._keep(path, self.path(sha256)))

    def _keep(self, path: Path, place: Path) -> None:
        make_folder(place.parent)
        sync(path)
        os.replace(path, place)
        sync(place.parent)
        sync(self._folder)

    async def size(self, sha256: str) -> int | None:
        """As Storage says."""
        try:
            return (await self._threads.run(self.path(sha256).stat)).st_size
        except FileNotFoundError:
            return None

    async def read(self, sha256: str, start: int, length: int) -> AsyncIterator[bytes]:
        """As Storage says."""
        file = await self._threads.run(lambda: self.path(sha256).open("rb", buffering=0))
        try:
            await self._threads.run(lambda: file.seek(start))
            while length:
                piece = await self._threads.run(lambda: file.read(min(PIECE, length)))  # noqa: B023
                if not piece:
                    raise OSError(f"{sha256} is shorter than it was")
                length -= len(piece)
                yield piece
        finally:
            file.close()

    async def delete(self, sha256: str) -> None:
        """As Storage says."""
        with suppress(FileNotFoundError):
            await self._threads.run(self.path(sha256).unlink)

    async def listed(self) -> AsyncIterator[str]:
        """As Storage says."""
        for folder in sorted(self._folder.glob("[0-9a-f][0-9a-f]")):
            for path in await self._threads.run(lambda: list(folder.iterdir())):  # noqa: B023
                yield folder.name + path.name


def sync(path: Path) -> None:
    """Return when what was written to a file or folder is on disk."""
    if path.is_dir() and os.name == "nt":  # Windows syncs no folders
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
