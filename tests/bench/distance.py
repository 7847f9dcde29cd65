"""A network that is some way long: what passes through arrives later, each way by half of it.

With a thread for each direction of a connection: the event loop's clock is too coarse for less
than a millisecond.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from urllib.parse import urlsplit


@contextlib.contextmanager
def distant(where: str, seconds: float) -> Iterator[str]:
    """The URL of the database at `where` when a round trip takes so much longer; 0: its own."""
    if not seconds:
        yield where
        return
    url = urlsplit(where)
    listener = socket.create_server(("127.0.0.1", 0))
    accepting = threading.Thread(
        target=_accept, args=(listener, (url.hostname, url.port), seconds / 2), daemon=True
    )
    accepting.start()
    address = f"{url.username}:{url.password}@127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield url._replace(netloc=address).geturl()
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()


def _accept(listener: socket.socket, server: tuple[str, int], delay: float) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            there = socket.create_connection(server)
            for source, target in ((client, there), (there, client)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=_pass, args=(source, target, delay), daemon=True).start()


def _pass(source: socket.socket, target: socket.socket, delay: float) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 20):
            time.sleep(delay)
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
    source.close()
