"""Who may open one more socket."""

from backend.gateway.admission import Admission
from backend.gateway.elsewhere import Elsewhere
from backend.gateway.rate_limit import RateLimits
from backend.protocol.close_codes import CloseCode


class Guest:
    """A socket of a user, that notes how it was closed."""

    def __init__(self, user_id: int, opened_at: int = 0) -> None:
        self.user_id = user_id
        self.opened_at = opened_at
        self.closed: CloseCode | None = None

    def go_on(self, epoch: str) -> bool:
        """Its cursors are nobody's concern."""
        return True

    def close(self, code: CloseCode, reason: str) -> None:
        """Note it."""
        self.closed = code

    async def drain(self, reconnect_after_ms: int) -> None:
        """Note that it is to come back."""
        self.closed = CloseCode.DRAINING


def test_the_oldest_gives_way() -> None:
    """Each user has so many; those of others, and those that have gone, do not count."""
    admission = Admission(2, RateLimits(10, 100), Elsewhere())
    alice, bob = [Guest(1) for _ in range(4)], Guest(2)
    for each in (alice[0], bob, alice[1]):
        admission.enter(each)
    admission.leave(alice[0])
    admission.enter(alice[2])
    assert [each.closed for each in alice] == [None] * 4
    admission.enter(alice[3])
    assert alice[1].closed is CloseCode.TOO_MANY_SOCKETS
    assert admission.all() == [alice[2], alice[3], bob]


def test_sockets_are_opened_at_a_pace() -> None:
    """Also when every one has gone before the next comes."""
    admission = Admission(2, RateLimits(0.01, 5), Elsewhere())
    assert [admission.is_too_fast(1) for _ in range(6)] == [False] * 5 + [True]
    assert not admission.is_too_fast(2)


def test_limiters_that_are_as_good_as_new_are_let_go() -> None:
    """Memory does not grow with everybody who was ever there."""
    limits = RateLimits(1e6, 10)
    for user_id in range(5000):
        limits.of(user_id).take()
    assert len(limits._limiters) < 3000
