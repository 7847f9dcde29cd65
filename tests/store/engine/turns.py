"""What stands before a PostgreSQL and counts how often it is asked, or loses what is on its way."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit


class Turns:
    """Passes on what comes for the database at a URL; `url` is where it listens itself.

    `count` is how often a client has spoken after it was answered. At the turn `lose_question` the
    connection breaks before that arrives, at `lose_answer` before the answer to it does. That
    PostgreSQL has ended one is heard of `late` seconds later than its last word; `lost` is called
    before it is heard that an answer was.
    """

    def __init__(self, where: str) -> None:
        self.count = 0
        self.lose_question = 0
        self.lose_answer = 0
        self.late = 0.0
        self.lost: Callable[[], object] = lambda: None
        self.where = where
        self._is_answered = True
        url = urlsplit(where)
        self._server = (url.hostname or "", url.port or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        address = f"{url.netloc.rpartition('@')[0]}@127.0.0.1:{self._listener.getsockname()[1]}"
        self.url = url._replace(netloc=address).geturl()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def hide(self) -> None:
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def close(self) -> None:
        """Take no more connections, and wait until those there are have ended."""
        self.hide()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._join, args=(client,)))
                self._threads[-1].start()

    def _join(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._server) as server:
            answering = threading.Thread(target=self._answer, args=(server, client))
            answering.start()
            with contextlib.suppress(OSError):
                self._ask(client, server)
            _end(client, server)
            answering.join()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        while data := client.recv(65536):
            self.count += self._is_answered
            self._is_answered = False
            if self.count == self.lose_question:
                return
            server.sendall(data)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while (data := server.recv(65536)) and self.count != self.lose_answer:
                self._is_answered = True
                client.sendall(data)
        if self.count == self.lose_answer:
            self.lost()
        self._is_answered = True
        time.sleep(self.late)
        _end(client, server)


def _end(*ends: socket.socket) -> None:
    for each in ends:
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
