"""Files and their bytes on the way from one place to another."""

import asyncio
import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from backend.commands.database import CannotDo
from backend.commands.progress import progress
from backend.files.copies import copy_new
from backend.files.storage import Folder, Storage, folder_at, open_storage, sync
from backend.settings import Settings

PIECE = 1 << 20


@contextlib.contextmanager
def arriving(target: Path, what: str) -> Iterator[Path]:
    """An empty file for the owner only, which is `target` on disk once all has gone well.

    It is taken away when not. Raises CannotDo where there is one: another `what` may be at it.
    """
    if target.exists():
        raise CannotDo(f"{target} is there already")
    part = target.with_name(f"{target.name}.part")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise CannotDo(f"{part} is there: another {what} runs, or one was stopped") from None
    try:
        yield part
        sync(part)
        os.replace(part, target)
        sync(target.resolve().parent)
    finally:
        part.unlink(missing_ok=True)


def keep_files(settings: Settings, folder: Path, hashes: Iterable[str]) -> int:
    """Copy what people uploaded into a folder that lacks it; gives how many could not be had."""
    wanted = sorted(hashes)
    if not wanted:
        return 0
    target = folder_at(folder)
    lost = _copy(open_storage(settings.files, settings.dbpath), target, wanted, str(folder))
    target.incoming.rmdir()
    return lost


def fetch_files(settings: Settings, folder: Path, hashes: Iterable[str]) -> int:
    """The way back: copy what FILES lacks from such a folder."""
    wanted = sorted(hashes)
    if not wanted:
        return 0
    target = open_storage(settings.files, settings.dbpath)
    return _copy(Folder(folder), target, wanted, settings.files)


def _copy(source: Storage, target: Storage, wanted: list[str], where: str) -> int:
    with progress("files", len(wanted)) as steps:
        copied, lost = asyncio.run(copy_new(source, target, wanted, steps.advance))
    print(f"copied {copied} files to {where}, which has {len(wanted) - len(lost)} of them")
    for sha256 in lost:
        print(f"the bytes {sha256} of a file are missing or damaged")
    return len(lost)


def copy_file(source: Path, target: Path) -> None:
    """Copy a file over another, if there is one, readable by the owner only; on disk at the end."""
    with source.open("rb") as file, progress("copy", source.stat().st_size) as steps:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as copy:
            while piece := file.read(PIECE):
                copy.write(piece)
                steps.advance(len(piece))
    sync(target)
