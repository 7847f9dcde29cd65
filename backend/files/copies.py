"""The bytes of files as the operator's commands see them: copied elsewhere, and looked through."""

import hashlib
from collections.abc import Callable, Container, Iterable, Mapping

from backend.files.incoming import Incoming
from backend.files.storage import Storage, Threads


class Damaged(Exception):
    """Bytes are not what their hash says; the text is the hash."""


async def copy_new(
    source: Storage, target: Storage, hashes: Iterable[str], done: Callable[[], None]
) -> tuple[int, list[str]]:
    """Copy what the target does not have yet; `done` is called after each.

    Gives how many were copied, and the hashes of those that are not in the source, or damaged.
    """
    copied, lost = 0, []
    threads = Threads()
    for sha256 in hashes:
        if await target.size(sha256) is None:
            try:
                await _copy(source, target, sha256, threads)
                copied += 1
            except (FileNotFoundError, Damaged):
                lost.append(sha256)
        done()
    return copied, lost


async def _copy(source: Storage, target: Storage, sha256: str, threads: Threads) -> None:
    size = await source.size(sha256)
    if size is None:
        raise FileNotFoundError(sha256)
    async with Incoming(target.incoming, threads) as incoming:
        async for piece in source.read(sha256, 0, size):
            await incoming.add(piece)
        if await incoming.finish() != sha256:
            raise Damaged(sha256)
        await target.keep(incoming.path, sha256)


async def faults(
    storage: Storage, named: Mapping[str, int | None], done: Callable[[], None]
) -> dict[str, str]:
    """What is wrong with the bytes that files name, by hash: missing, or damaged."""
    found = {}
    for sha256, size in named.items():
        there = await storage.size(sha256)
        if there is None:
            found[sha256] = "missing"
        elif there != (there if size is None else size) or not await _is_whole(
            storage, sha256, there
        ):
            found[sha256] = "damaged"
        done()
    return found


async def unnamed(storage: Storage, known: Container[str]) -> set[str]:
    """The hashes of what is there, but for those that are known."""
    return {sha256 async for sha256 in storage.listed() if sha256 not in known}


async def _is_whole(storage: Storage, sha256: str, size: int) -> bool:
    digest = hashlib.sha256()
    async for piece in storage.read(sha256, 0, size):
        digest.update(piece)
    return digest.hexdigest() == sha256
