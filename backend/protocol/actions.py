"""What a system message tells, as data and as an English sentence."""

from collections.abc import Sequence
from typing import Literal

Action = Literal["created", "added", "removed", "left", "renamed", "role"]

NAMED = 10  # as many as a sentence names
ROLES = {"owner": "the owner", "moderator": "a moderator", "member": "a member"}


def sentence(action: Action, actor: str, subjects: Sequence[str], text: str | None) -> str:
    """What was done, in English, from the fields of the message that tells it."""
    names = ", ".join(subjects[:NAMED])
    if len(subjects) > NAMED:
        names = f"{names} and {len(subjects) - NAMED} more"
    match action:
        case "created":
            return f"{actor} created the conversation" + (f" with {names}" if names else "")
        case "left":
            return f"{actor} left"
        case "renamed":
            return f"{actor} named the conversation {text}"
        case "role":
            return f"{actor} made {names} {ROLES[text or 'member']}"
        case _:
            return f"{actor} {action} {names}"
