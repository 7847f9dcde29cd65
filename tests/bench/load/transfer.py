"""Moving files: uploads or downloads, some at once, on threads with blocking sockets."""

import asyncio
import re
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import msgspec

from tests.bench.load.client import LoadError, gate
from tests.bench.load.clock import Numbers, now

PIECE = 1024 * 1024
MEGABYTE = 1_000_000


class Transfer(msgspec.Struct, tag="transfer"):
    """The job: move so many files of `size` bytes, `at_once` at a time.

    Without `files` it goes on until the harness says stop.
    """

    port: int
    token: str
    size: int
    at_once: int
    is_upload: bool = True
    files: int = 0
    prefix: str = ""

    async def run(self) -> Numbers:
        """Do it; gives how many megabytes were moved, and how fast."""
        url = self._upload()
        await gate("ready")
        stop = threading.Event()
        begun = now()
        with ThreadPoolExecutor(self.at_once) as pool:
            moving = [
                asyncio.get_running_loop().run_in_executor(pool, self._move, url, number, stop)
                for number in range(self.at_once)
            ]
            if not self.files:
                await gate("probing")
                stop.set()
            megabytes = sum(await asyncio.gather(*moving)) / MEGABYTE
        return {"megabytes": megabytes, "throughput": megabytes / (now() - begun), "dropped": 0}

    def _move(self, url: str, worker: int, stop: threading.Event) -> int:
        """One worker's share of the files; gives its bytes."""
        moved = 0
        share = range(worker, self.files, self.at_once) if self.files else iter(int, 1)
        for _ in share:
            if stop.is_set():
                break
            if self.is_upload:
                self._upload()
            else:
                self._download(url)
            moved += self.size
        return moved

    def _upload(self) -> str:
        """Send a file; gives the path it can be read at."""
        piece = memoryview(bytes(PIECE))
        with self._ask(
            "POST", f"{self.prefix}/files?name=a.bin", f"Content-Length: {self.size}\r\n"
        ) as peer:
            for at in range(0, self.size, PIECE):
                peer.sendall(piece[: min(PIECE, self.size - at)])
            answer = peer.makefile("rb").read()
        found = re.search(rb'"url":"([^"]+)"', answer)
        if found is None:
            raise LoadError(f"an upload was answered {answer[:300]!r}")
        return found[1].decode()

    def _download(self, url: str) -> None:
        """Read a file to its end."""
        with self._ask("GET", url) as peer, peer.makefile("rb", PIECE) as answer:
            status = answer.readline()
            while answer.readline() not in {b"\r\n", b""}:
                pass
            left = self.size
            while left and (piece := answer.read(min(left, PIECE))):
                left -= len(piece)
        if left or b" 200 " not in status:
            raise LoadError(f"a download was answered {status!r}, {left} bytes short")

    def _ask(self, method: str, path: str, headers: str = "") -> socket.socket:
        """A connection on which a request has been begun."""
        peer = socket.create_connection(("127.0.0.1", self.port))
        headers += f"Host: x\r\nConnection: close\r\nAuthorization: Bearer {self.token}\r\n"
        peer.sendall(f"{method} {path} HTTP/1.1\r\n{headers}\r\n".encode())
        return peer
