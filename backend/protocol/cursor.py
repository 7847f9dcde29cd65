"""Cursors: where a client is in the log, as an opaque text of at most 64 characters.

`EPOCH-POSITION-TAG`: the epoch names a start of the server on this history, the position is a log
id, and the tag binds the cursor to its user. The tag keeps clients from mixing up accounts; it is
no secret, because what a cursor brings back is scoped to who asks.
"""

import hashlib
import re
from typing import NamedTuple

PATTERN = re.compile(r"([0-9a-f]{10})-(0|[1-9][0-9]{0,15})-([0-9a-f]{8})")


class Cursor(NamedTuple):
    """A cursor taken apart."""

    epoch: str
    position: int


def tag_for(epoch: str, user_id: int) -> str:
    """The eight characters that bind a cursor of this epoch to a user."""
    return hashlib.blake2s(f"{epoch}/{user_id}".encode(), digest_size=4).hexdigest()


def write_cursor(epoch: str, position: int, user_id: int) -> str:
    """The text of a cursor."""
    return f"{epoch}-{position}-{tag_for(epoch, user_id)}"


def read_cursor(text: str, user_id: int) -> Cursor | None:
    """The cursor in `text`, or None when it is not one, or another user's."""
    match = PATTERN.fullmatch(text)
    if match is None or match[3] != tag_for(match[1], user_id):
        return None
    return Cursor(match[1], int(match[2]))
