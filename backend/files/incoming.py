"""A file while it comes in: written piece by piece, hashed beside, never whole in memory."""

import hashlib
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from backend.files.sniff import HEAD
from backend.files.storage import Threads
from backend.files.turns import Turns

PIECE = 64 * 1024


class Incoming:
    """One file that is being written; what is left at `path` at the end is taken away.

    No more than a piece of it is in memory: what comes next waits in the kernel.
    """

    def __init__(self, folder: Path, threads: Threads | Turns, path: Path | None = None) -> None:
        """A new file in `folder`, or go on with the one at `path`, which then stays."""
        self.path = path or folder / f"{secrets.token_hex(16)}.part"
        self.size = 0
        self._stays = path is not None
        self._threads = threads
        self._hash = hashlib.sha256()
        self._buffer = bytearray()
        self._file: BinaryIO

    async def __aenter__(self) -> "Incoming":
        self._file = await self._threads.run(lambda: _open(self.path))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
        if not self._stays:
            self.path.unlink(missing_ok=True)

    async def add(self, piece: bytes) -> None:
        """Take the next bytes; raises OSError when the disk does not take them."""
        self.size += len(piece)
        if len(piece) < PIECE:
            self._buffer += piece
            if len(self._buffer) < PIECE:
                return
            piece = b""
        await self._pass_on(piece)

    async def finish(self) -> str:
        """Have everything written; gives the hash."""
        await self._pass_on()
        return self._hash.hexdigest()

    async def _pass_on(self, piece: bytes = b"") -> None:
        full, self._buffer = self._buffer, bytearray()
        await self._threads.run(lambda: self._write(full, piece))

    def _write(self, *pieces: bytes | bytearray) -> None:
        for piece in pieces:
            self._hash.update(piece)
            self._file.write(piece)
        self._file.flush()


def _open(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb")


def hash_file(path: Path) -> str:
    """The hash of a file that is there."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def head_of(path: Path) -> bytes:
    """The bytes that tell what a file is."""
    with path.open("rb") as file:
        return file.read(HEAD)
