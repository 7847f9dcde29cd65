"""What was told of an account, told again without its name: texts, names, bodies of log rows."""

import re

import msgspec

from backend import views
from backend.handlers.base import encode
from backend.store.erasures import Gone
from backend.store.users import fold

# The sentences of system messages; what follows a naming is free text.
SAID = re.compile(r"(\S+) (added|removed|left|named the conversation)(?: (.*))?", re.DOTALL)
MORE = re.compile(r"(.*?)( and \d+ more)?", re.DOTALL)
QUOTED = re.compile(r"'([^']*)'")
NAMES = frozenset({"username", "by", "members", "usernames"})
_decode = msgspec.json.Decoder().decode


def name(gone: Gone, username: str) -> str:
    """A username as it is told now."""
    return gone.user.username if fold(username) == gone.key else username


def listed(gone: Gone, names: str) -> str:
    """Usernames separated by commas, as a conversation without a name has them for one."""
    return ", ".join(_part(gone, each) for each in names.split(", "))


def _part(gone: Gone, part: str) -> str:
    """One of them; the last may have been cut off."""
    if part.endswith("…") and gone.key.startswith(fold(part[:-1])):
        return "…"
    return name(gone, part)


def sentence(gone: Gone, text: str) -> str:
    """The text of a system message."""
    said = SAID.fullmatch(text)
    if said is None:
        return text
    actor, verb, rest = name(gone, said[1]), said[2], said[3]
    if rest is None:
        return f"{actor} {verb}"
    if verb in {"added", "removed"}:
        match = MORE.fullmatch(rest)
        assert match is not None
        rest = listed(gone, match[1]) + (match[2] or "")
    return f"{actor} {verb} {rest}"


def without(gone: Gone, names: list[str]) -> list[str]:
    """Usernames but the account's: who is gone is mentioned no more."""
    return [each for each in names if fold(each) != gone.key]


def body(gone: Gone, encoded: bytes) -> bytes:
    """The body of a log row. A message is not read anew: it is told as it was at that time."""
    return encode(_value(gone, _decode(encoded), ""))


def _value(gone: Gone, value: object, field: str) -> object:
    if isinstance(value, dict):
        return _object(gone, value)
    if isinstance(value, list):
        return [_value(gone, each, field) for each in value]
    if isinstance(value, str) and field in NAMES:
        return name(gone, value)
    return value


def _object(gone: Gone, value: dict[str, object]) -> dict[str, object]:
    if value.get("id") == gone.user.id and "fullname" in value:
        return msgspec.to_builtins(views.user.for_everyone(gone.user))  # type: ignore[no-any-return]
    found = {field: _value(gone, each, field) for field, each in value.items()}
    if "sender_id" in found:
        return _message(gone, found)
    if found.get("named") is False:
        found["name"] = listed(gone, str(found["name"]))
    if "contact" in found:
        quoted = QUOTED.sub(lambda match: f"'{name(gone, match[1])}'", str(found["message"]))
        found["message"] = quoted
    return found


def _message(gone: Gone, found: dict[str, object]) -> dict[str, object]:
    if found["sender_id"] == gone.user.id:
        user = gone.user
        found |= {"sender_username": user.username, "sender_fullname": user.fullname}
    if found["kind"] == "system" and isinstance(found["content"], str):
        found["content"] = sentence(gone, found["content"])
    if isinstance(found["mentions"], list):
        found["mentions"] = without(gone, found["mentions"])
    return found
