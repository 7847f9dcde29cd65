"""Who is told to be typing: a few of each conversation at a time, or a hundred at once would cost
a large group more than what they write. Pure."""

from collections import Counter, OrderedDict

MOST = 3  # of a conversation


class Typists:
    """Those whom others were told of, until they stop or it is over by itself."""

    def __init__(self, lasts: float) -> None:
        """What is told is over after `lasts` seconds."""
        self._lasts = lasts
        self._until: OrderedDict[tuple[int, int], float] = OrderedDict()
        self._counts: Counter[int] = Counter()

    def is_told(self, conversation_id: int, user_id: int, now: float, *, active: bool) -> bool:
        """Whether others are to be told that a user types, or has stopped.

        `now` is in seconds, on one clock that never goes back.
        """
        while self._until and next(iter(self._until.values())) <= now:
            self._forget(next(iter(self._until)))
        key = conversation_id, user_id
        if key in self._until:
            self._forget(key)
        elif not active or self._counts[conversation_id] >= MOST:
            return False
        if active:
            self._until[key] = now + self._lasts
            self._counts[conversation_id] += 1
        return True

    def _forget(self, key: tuple[int, int]) -> None:
        del self._until[key]
        self._counts[key[0]] -= 1
        if not self._counts[key[0]]:
            del self._counts[key[0]]
