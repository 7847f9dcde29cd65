"""The codes a socket is closed with: what each means and what the client does next."""

from enum import IntEnum


class CloseCode(IntEnum):
    """A WebSocket close code this server sends (RFC 6455, section 7.4)."""

    DRAINING = 1001
    FRAME_TOO_LARGE = 1009
    UNAVAILABLE = 1011
    BAD_FRAME = 4400
    UNAUTHORIZED = 4401
    SESSION_ENDED = 4402
    ORIGIN = 4403
    TOO_SLOW = 4408
    TOO_MANY_SOCKETS = 4409
    TOO_FAST = 4429

    @property
    def meaning(self) -> str:
        """Return why the server closes with this code, as a phrase."""
        return _TOLD[self][0]

    @property
    def client(self) -> str:
        """Return what a client does when it is closed with this code."""
        return _TOLD[self][1]


_TOLD = {
    CloseCode.DRAINING: (
        "the server is shutting down or restarting",
        "comes back after the `reconnect_after_ms` of `server_draining`",
    ),
    CloseCode.FRAME_TOO_LARGE: (
        "a frame is larger than `MAX_FRAME_BYTES`",
        "reconnects and does not repeat that frame",
    ),
    CloseCode.UNAVAILABLE: (
        "the database, or the outside service's keys, cannot be read now",
        "backs off with jitter, as after a lost network",
    ),
    CloseCode.BAD_FRAME: (
        "a frame of a kind that is not taken: a binary one",
        "reconnects and does not repeat that frame",
    ),
    CloseCode.UNAUTHORIZED: (
        "the token is missing, invalid or expired; the reason says which",
        "refreshes its token, then tries once more",
    ),
    CloseCode.SESSION_ENDED: (
        "the session has ended: logged out, revoked, disabled or deleted",
        "shows the login page",
    ),
    CloseCode.ORIGIN: (
        "the page's origin is not allowed; the reason names it",
        "stops: the server's settings have to change first",
    ),
    CloseCode.TOO_SLOW: (
        "the client reads more slowly than it is sent to",
        "resumes at once from its cursor",
    ),
    CloseCode.TOO_MANY_SOCKETS: (
        "the user opened more than `MAX_SOCKETS_PER_USER` sockets; the oldest goes",
        "stops: another tab or device took its place",
    ),
    CloseCode.TOO_FAST: (
        "the client kept sending too fast after being told so",
        "waits 10 seconds, then resumes",
    ),
}
