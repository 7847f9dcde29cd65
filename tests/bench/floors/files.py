"""Bare aiohttp that writes what it is sent to a file, and serves it, to anybody.

At /hashed/files it hashes while it writes and has it on disk before it answers, as the product has
to: what that alone costs.
"""

import asyncio
import hashlib
import itertools
import os
from pathlib import Path

from aiohttp import web

from tests.bench.floors.sockets import serve_for_ever

FOLDER = Path(os.environ["DBPATH"]).parent
PLACES = 4  # so that the disk does not fill
_numbers = itertools.count()


def place(number: str) -> Path:
    """Where a file lies."""
    return FOLDER / f"floor-{number}.bin"


async def upload(request: web.Request) -> web.Response:
    """Write the body to a file, piece by piece."""
    number = str(next(_numbers) % PLACES)
    with place(number).open("wb") as file:
        async for piece in request.content.iter_any():
            file.write(piece)
    return web.Response(text=f'{{"url":"/files/{number}/a.bin"}}')


async def upload_hashed(request: web.Request) -> web.Response:
    """Write the body to a file, piece by piece, hash it, and sync it."""
    number, digest = str(next(_numbers) % PLACES), hashlib.sha256()
    with place(number).open("wb") as file:
        async for piece in request.content.iter_any():
            digest.update(piece)
            file.write(piece)
        file.flush()
        await asyncio.to_thread(os.fsync, file.fileno())
    return web.Response(text=f'{{"url":"/files/{number}/{digest.hexdigest()}"}}')


async def serve(request: web.Request) -> web.StreamResponse:
    """Send a file."""
    return web.FileResponse(place(request.match_info["number"]))


if __name__ == "__main__":
    serve_for_ever(
        [
            web.post("/files", upload),
            web.post("/hashed/files", upload_hashed),
            web.get("/files/{number}/{name}", serve),
        ]
    )
