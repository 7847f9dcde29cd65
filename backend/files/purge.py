"""What goes by itself: uploads that broke off or were never sent, and bytes that nobody has."""

import math
import shutil
import time

from backend.files.services import Files
from backend.files.tus import path_of
from backend.store import files as store
from backend.store import uploads
from backend.store.log import now_ms

LEFT_SECONDS = 3600.0
UNSENT_MS = 86_400_000
ROWS = 200


async def sweep(files: Files) -> None:
    """Take away what an earlier server left unfinished; to be called before anybody uploads here.

    Where nodes share the folder, what was written to within the hour may be another's.
    """
    known = {f"{each}.tus" for each in await files.database.read(uploads.present)}
    left_before = time.time() - LEFT_SECONDS if files.database.is_shared else math.inf
    for path in await files.threads.run(lambda: list(files.storage.incoming.iterdir())):
        if path.stat().st_mtime > left_before:
            continue
        if path.is_dir():
            await files.threads.run(lambda: shutil.rmtree(path))  # noqa: B023
        elif path.name not in known:
            path.unlink()


async def purge(files: Files) -> None:
    """Take away what is too old, then all bytes that no file has any more."""
    now = now_ms()
    while expired := await files.database.read(lambda db: uploads.expired(db, now, ROWS)):
        for upload_id in expired:
            path_of(files, upload_id).unlink(missing_ok=True)
        await files.database.write(lambda db: uploads.remove(db, expired))
    while old := await files.database.read(lambda db: store.forgotten(db, now - UNSENT_MS, ROWS)):
        await files.database.write(lambda db: store.remove(db, old))
    while loose := await files.database.write(lambda db: store.take_loose(db, ROWS)):
        for sha256 in loose:
            await files.storage.delete(sha256)
        await files.database.write(lambda db: store.gone(db, loose))
