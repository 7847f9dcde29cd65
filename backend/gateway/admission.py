"""Who may open one more socket: each user so many, those still opening or resuming included."""

from typing import Protocol

from backend.gateway.elsewhere import Elsewhere
from backend.gateway.rate_limit import RateLimits
from backend.protocol.close_codes import CloseCode


class Caller(Protocol):
    """A socket, live or not yet."""

    @property
    def user_id(self) -> int:
        """Whose it is."""

    @property
    def opened_at(self) -> int:
        """When it was opened, in Unix milliseconds."""

    def go_on(self, epoch: str) -> bool:
        """Let its cursors be of another epoch; False when some are on their way already."""

    def close(self, code: CloseCode, reason: str) -> None:
        """Begin to close it."""

    async def drain(self, reconnect_after_ms: int) -> None:
        """Tell its client to come back then, finish what was received, close it."""


class Admission:
    """Every socket there is, from its handshake to its end."""

    def __init__(self, most: int, pace: RateLimits, elsewhere: Elsewhere) -> None:
        """A user may have `most` sockets, here and elsewhere, and open them at that pace.

        It is one of its own, so that who comes back can send a whole queue at once.
        """
        self._most = most
        self._pace = pace
        self._elsewhere = elsewhere
        self._of_user: dict[int, list[Caller]] = {}

    def is_too_fast(self, user_id: int) -> bool:
        """Whether a user opens sockets too fast; counts one."""
        return bool(self._pace.of(user_id).take())

    def enter(self, caller: Caller) -> None:
        """Note a socket; the oldest of a user who has too many is closed."""
        self._of_user.setdefault(caller.user_id, []).append(caller)
        self.look(caller.user_id)

    def look(self, user_id: int) -> None:
        """Close a user's oldest sockets if there are too many; those elsewhere are closed there."""
        callers = self._of_user.get(user_id, [])
        others = self._elsewhere.opened(user_id)
        too_many = len(callers) + len(others) - self._most
        if too_many <= 0:
            return
        last = sorted([*others, *(each.opened_at for each in callers)])[too_many - 1]
        for caller in [each for each in callers[:too_many] if each.opened_at <= last]:
            callers.remove(caller)
            caller.close(CloseCode.TOO_MANY_SOCKETS, "too many sockets of this user")

    def leave(self, caller: Caller) -> None:
        """Forget a socket."""
        callers = self._of_user.get(caller.user_id, [])
        if caller in callers:
            callers.remove(caller)
        if not callers:
            self._of_user.pop(caller.user_id, None)

    def all(self) -> list[Caller]:
        """Every socket, live or not yet."""
        return [caller for callers in self._of_user.values() for caller in callers]
