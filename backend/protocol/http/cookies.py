"""The cookies of a login: the two tokens, and what makes a device known to have logged in."""

from typing import NamedTuple


class Cookie(NamedTuple):
    """A cookie: the path below which browsers send it, and what it is for."""

    path: str
    says: str


LOGIN = "login-token"
REFRESH = "refresh-token"
DEVICE = "device-token"
DEVICE_DAYS = 400  # browsers keep none for longer (RFC 6265bis, 5.5)

COOKIES: dict[str, Cookie] = {
    LOGIN: Cookie("/", "says who asks, for `TOKEN_TTL`"),
    REFRESH: Cookie("/auth", "is exchanged for a new pair, for `SESSION_TTL`"),
    DEVICE: Cookie(
        "/auth/login",
        f"opens nothing: wrong passwords of others do not lock this device out; {DEVICE_DAYS} days",
    ),
}
