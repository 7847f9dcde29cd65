"""Pictures: measured and made small by a process of its own, so that a bomb kills only itself."""

import asyncio
import sys
from pathlib import Path

import msgspec

WORKER = Path(__file__).with_name("pictures_worker.py")
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}
SECONDS = 20.0  # by the clock; the worker bounds its own processor time
AT_ONCE = 2


class Picture(msgspec.Struct, frozen=True):
    """What is known of a picture; without a size it could not be decoded.

    `changed` says that a position was taken out of the file.
    """

    changed: bool = False
    width: int | None = None
    height: int | None = None


class Pictures:
    """Looks at pictures, a few at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def look(self, path: Path, folder: Path, mime_type: str) -> Picture | None:
        """Look at the picture at `path`, make the small ones in `folder`.

        Gives None when it is not even known whether it tells a position.
        """
        async with self._turn:
            worker = await asyncio.create_subprocess_exec(
                sys.executable, "-I", str(WORKER), str(path), str(folder), FORMATS[mime_type],
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={},
            )  # fmt: skip
            told: list[bytes] = []
            try:
                async with asyncio.timeout(SECONDS):
                    await _listen(worker, told)
            except TimeoutError:
                pass
            finally:
                if worker.returncode is None:
                    worker.kill()
                    await worker.wait()
        return _understood(told)


async def _listen(worker: asyncio.subprocess.Process, told: list[bytes]) -> None:
    """Note what the worker says, line by line, until its end."""
    assert worker.stdout is not None
    async for line in worker.stdout:
        told.append(line)
    await worker.wait()


def _understood(lines: list[bytes]) -> Picture | None:
    """What the worker got to say before its end."""
    if not lines:
        return None
    found: dict[str, object] = {}
    for line in lines:
        found |= msgspec.json.decode(line, type=dict[str, object])
    return msgspec.convert(found, Picture)
