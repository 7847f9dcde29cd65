"""What the log tells of an account, told again without its name: field by field, by no text."""

from collections.abc import Callable

import msgspec

from backend import views
from backend.handlers.base import encode
from backend.handlers.contacts import added_message
from backend.protocol.actions import sentence
from backend.store.erasures import Gone
from backend.store.users import fold

NAMES = frozenset({"username", "by", "members", "usernames", "actor", "subjects"})
NameOf = Callable[[int], str]
"""The name of a conversation that was given none, as it is now, by its id."""

_decode = msgspec.json.Decoder().decode


def name(gone: Gone, username: str) -> str:
    """A username as it is told now."""
    return gone.user.username if fold(username) == gone.key else username


def without(gone: Gone, names: list[str]) -> list[str]:
    """Usernames but the account's: who is gone is mentioned no more."""
    return [each for each in names if fold(each) != gone.key]


def body(gone: Gone, encoded: bytes, name_of: NameOf) -> bytes:
    """The body of a log row. A message is not read anew: it is told as it was at that time."""
    return encode(_value(gone, _decode(encoded), "", name_of))


def _value(gone: Gone, value: object, field: str, name_of: NameOf) -> object:
    if isinstance(value, dict):
        return _object(gone, value, name_of)
    if isinstance(value, list):
        return [_value(gone, each, field, name_of) for each in value]
    if isinstance(value, str) and field in NAMES:
        return name(gone, value)
    return value


def _object(gone: Gone, value: dict[str, object], name_of: NameOf) -> dict[str, object]:
    if value.get("id") == gone.user.id and "fullname" in value:
        return msgspec.to_builtins(views.user.for_everyone(gone.user))  # type: ignore[no-any-return]
    found = {field: _value(gone, each, field, name_of) for field, each in value.items()}
    if "sender_id" in found:
        return _message(gone, found)
    if found.get("named") is False:
        found["name"] = name_of(int(str(found.get("conversation_id", found.get("id")))))
    if isinstance(found.get("contact"), dict):
        found["message"] = added_message(found["contact"]["username"])  # type: ignore[index]
    return found


def _message(gone: Gone, found: dict[str, object]) -> dict[str, object]:
    if found["sender_id"] == gone.user.id:
        user = gone.user
        found |= {"sender_username": user.username, "sender_fullname": user.fullname}
    if found["action"] is not None:
        told = (found[field] for field in ("action", "actor", "subjects", "text"))
        found["content"] = sentence(*told)  # type: ignore[arg-type]
    if isinstance(found["mentions"], list):
        found["mentions"] = without(gone, found["mentions"])
    return found
