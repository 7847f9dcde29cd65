"""What was told of an account, told again without its name."""

import json
from typing import Any

import pytest

from backend.lifecycle import retelling
from backend.store.erasures import Gone
from backend.store.users import UserRow

GONE = Gone(
    "ann", UserRow(7, "deleted-7", "deleted user", "", None, 5000, None, 0, 9000, "everyone")
)
MADE = {3: "deleted-7, bob"}


def body(**fields: Any) -> Any:
    """A body retold without Ann, user 7."""
    return json.loads(retelling.body(GONE, json.dumps(fields).encode(), MADE.__getitem__))


def system(**fields: Any) -> dict[str, Any]:
    """A system message of Bob's."""
    sender = {"sender_id": 8, "sender_username": "bob", "sender_fullname": "Bob"}
    shape: dict[str, Any] = {
        "kind": "system",
        "actor": "bob",
        "subjects": [],
        "text": None,
        "mentions": [],
    }
    return {**sender, **shape, **fields}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            {"action": "added", "subjects": ["anna", "ANN"]},
            {"subjects": ["anna", "deleted-7"], "content": "bob added anna, deleted-7"},
        ),
        (
            {"action": "left", "sender_id": 7, "actor": "ann", "sender_username": "ann"},
            {
                "actor": "deleted-7", "sender_username": "deleted-7",
                "sender_fullname": "deleted user", "content": "deleted-7 left",
            },
        ),
        (
            {"action": "renamed", "text": "ann"},
            {"content": "bob named the conversation ann"},
        ),
        (
            {"action": "role", "subjects": ["ann"], "text": "moderator"},
            {"subjects": ["deleted-7"], "content": "bob made deleted-7 a moderator"},
        ),
    ],
)  # fmt: skip
def test_system_messages(said: dict[str, Any], told: dict[str, Any]) -> None:
    """The name goes where it names somebody; what people wrote stays."""
    message = system(content="as it was", **said)
    assert body(**message) == {**message, **told}


def test_a_message_stays_as_it_was_at_that_time() -> None:
    """Only names change: who has been removed since learns nothing of later edits."""
    message = {"id": 7, "kind": "text", "sender_id": 7, "content": "ann left", "action": None}
    names = {"sender_username": "ann", "sender_fullname": "Ann A.", "mentions": ["bob", "ANN"]}
    told = {"sender_username": "deleted-7", "sender_fullname": "deleted user", "mentions": ["bob"]}
    assert body(**message, **names) == {**message, **told}


def test_a_name_given_by_people_stays() -> None:
    """A group somebody named after her, and a reaction that is her name, are theirs."""
    given = {"id": 3, "name": "ann, bob", "named": True, "topic": "ann", "emoji": "ann"}
    assert body(**given) == given


@pytest.mark.parametrize("field", ["id", "conversation_id"])
def test_a_made_name_is_the_one_it_has_now(field: str) -> None:
    """Of a conversation, and of its renaming."""
    told = body(**{field: 3}, name="ann, bob", named=False)
    assert told == {field: 3, "name": "deleted-7, bob", "named": False}


def test_a_contact_is_told_with_its_sentence() -> None:
    """The user as they are now, and what was said of them."""
    told = body(message="'ann' successfully added", contact={"id": 7, "fullname": "Ann A."})
    assert told["message"] == "'deleted-7' successfully added"
    assert told["contact"]["username"] == "deleted-7"
    assert told["contact"]["is_online"] is None
