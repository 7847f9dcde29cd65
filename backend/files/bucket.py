"""Files in an object store, for several servers; obstore speaks to S3, GCS and Azure alike.

A folder is not read through it: that took five times as long, and syncs nothing.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url

PIECE = 1024 * 1024  # a request each, so that no slow reader outlasts one's time


class Bucket:
    """Files in a bucket, under a prefix; credentials are taken from the environment."""

    def __init__(self, url: str, incoming: Path) -> None:
        self._store = from_url(url)
        self.incoming = incoming

    async def keep(self, path: Path, sha256: str) -> None:
        """As Storage says."""
        try:
            await obstore.put_async(self._store, _key(sha256), path)
        except BaseError as error:
            raise OSError(str(error)) from error
        await asyncio.to_thread(path.unlink)

    async def size(self, sha256: str) -> int | None:
        """As Storage says."""
        try:
            return (await obstore.head_async(self._store, _key(sha256)))["size"]
        except FileNotFoundError:
            return None
        except BaseError as error:
            raise OSError(str(error)) from error

    async def read(self, sha256: str, start: int, length: int) -> AsyncIterator[bytes]:
        """As Storage says."""
        key, end = _key(sha256), start + length
        try:
            for at in range(start, end, PIECE):
                piece = await obstore.get_range_async(
                    self._store, key, start=at, end=min(at + PIECE, end)
                )
                yield piece.to_bytes()
        except BaseError as error:
            raise OSError(str(error)) from error

    async def delete(self, sha256: str) -> None:
        """As Storage says."""
        try:
            await obstore.delete_async(self._store, _key(sha256))
        except FileNotFoundError:
            pass
        except BaseError as error:
            raise OSError(str(error)) from error

    async def listed(self) -> AsyncIterator[str]:
        """As Storage says."""
        async for page in obstore.list(self._store):
            for each in page:
                yield each["path"].replace("/", "")


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:]}"
