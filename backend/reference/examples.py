"""An example of every request, for the docs; a test decodes each."""

from backend.protocol.base import Request, type_of
from backend.reference.fields import fields_of

VALUES: dict[str, object] = {
    "reason": "spam",
    "avatar": 7,
    "client_id": "5b2f0c1e",
    "contact_username": "bob",
    "content": "Hello, Bob!",
    "conversation_id": 7,
    "emoji": "👍",
    "id": 7,
    "limit": 50,
    "members": ["bob", "carol"],
    "message_id": 42,
    "name": "Lunch",
    "prefix": "bo",
    "query": "lunch friday",
    "role": "moderator",
    "topic": "Where we eat today",
    "username": "bob",
    "usernames": ["bob", "carol"],
}
# What a request is rarely sent without, though it may be.
ALSO: dict[str, dict[str, object]] = {
    "create_conversation": {"name": "Lunch"},
    "forward_message": {"client_id": "9d1a77e0"},
    "get_conversations": {"limit": 50},
    "get_files": {"kind": "picture", "limit": 50},
    "get_members": {"limit": 100},
    "get_messages": {"limit": 50, "before": 43},
    "get_user": {"username": "bob"},
    "help": {"event": "send_message"},
    "mute_conversation": {"until": 1893456000},
    "search_messages": {"sender": "bob", "limit": 20},
    "send_message": {"content": "Hello, Bob!", "client_id": "5b2f0c1e"},
    "update_profile": {"bio": "Mostly at lunch."},
}


def example(kind: type[Request]) -> dict[str, object]:
    """Return a request of this kind as a client would send it."""
    required = {field.name: VALUES[field.name] for field in fields_of(kind) if field.required}
    return {"type": type_of(kind), "ref": 1} | required | ALSO.get(type_of(kind), {})
