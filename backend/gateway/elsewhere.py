"""Who is online at other nodes, as those have told.

Filled when this node begins to hear them, and kept true by what they tell.
"""

from collections.abc import Iterable

import msgspec

TOPIC = "here"


class Here(msgspec.Struct, array_like=True, frozen=True):
    """A user as a node has them now.

    `opened` says when each of their live sockets was, in Unix milliseconds; `watchers` who is to be
    told if they come or go with this. `last_online` is when who has gone was last here, in Unix
    seconds.
    """

    user_id: int
    username: str
    hidden: bool
    is_online: bool
    opened: tuple[int, ...] = ()
    watchers: tuple[int, ...] = ()
    last_online: int | None = None


class Away:
    """A user who is online elsewhere: at which nodes, and since when with each socket."""

    __slots__ = ("hidden", "nodes", "username")

    def __init__(self, username: str) -> None:
        self.username = username
        self.hidden = False
        self.nodes: dict[str, tuple[int, ...]] = {}


class Elsewhere:
    """The users who are online at other nodes. Changed in the event loop only."""

    def __init__(self) -> None:
        self._users: dict[int, Away] = {}
        self._newer: dict[tuple[str, int], Here] | None = None

    def __len__(self) -> int:
        """How many they are."""
        return len(self._users)

    def find(self, user_id: int) -> Away | None:
        """A user who is online elsewhere; may be asked from any thread."""
        return self._users.get(user_id)

    def among(self, user_ids: Iterable[int]) -> dict[int, Away]:
        """Those of the users who are online elsewhere, by id."""
        return {user_id: self._users[user_id] for user_id in self._users.keys() & user_ids}

    def opened(self, user_id: int) -> list[int]:
        """When each of a user's sockets elsewhere was opened, in Unix milliseconds."""
        away = self._users.get(user_id)
        return [each for times in away.nodes.values() for each in times] if away else []

    def put(self, node: str, here: Here) -> None:
        """Take what a node tells of a user for true."""
        if self._newer is not None:
            self._newer.pop((node, here.user_id), None)
            self._newer[node, here.user_id] = here
        away = self._users.get(here.user_id)
        if here.is_online:
            if away is None:
                away = self._users[here.user_id] = Away(here.username)
            away.hidden = here.hidden
            away.nodes[node] = here.opened
        elif away is not None:
            away.nodes.pop(node, None)
            if not away.nodes:
                del self._users[here.user_id]

    def seek(self) -> None:
        """Keep what is told from here on, for when what is looked for now is found."""
        self._newer = {}

    def replace(self, found: Iterable[tuple[str, Here]]) -> dict[int, str]:
        """Take what is found for all there is, but for what was told since it was looked for.

        Gives the names of those who come or go by that.
        """
        newer, self._newer = self._newer or {}, None
        before, self._users = self._users, {}
        for node, here in found:
            self.put(node, here)
        for (node, _), here in newer.items():
            self.put(node, here)
        shown = [
            {(user_id, away.username) for user_id, away in users.items() if not away.hidden}
            for users in (before, self._users)
        ]
        return dict(shown[0] ^ shown[1])
