"""What was told of an account, told again without its name."""

import json
from typing import Any

import pytest

from backend.lifecycle import retelling
from backend.store.erasures import Gone
from backend.store.users import UserRow


def gone(username: str) -> Gone:
    """The account 7, which had this name."""
    user = UserRow(7, "deleted-7", "deleted user", "", None, 5000, None, 0, 9000)
    return Gone(username.casefold(), user)


@pytest.mark.parametrize(
    ("username", "said", "told"),
    [
        ("Ann", "ann left", "deleted-7 left"),
        ("ann", "anna left", "anna left"),
        ("left", "left left", "deleted-7 left"),
        ("left", "ann left", "ann left"),
        ("and", "bob added ann, and, zoe", "bob added ann, deleted-7, zoe"),
        ("and", "and added ann, zoe and 3 more", "deleted-7 added ann, zoe and 3 more"),
        ("more", "bob added ann, more and 3 more", "bob added ann, deleted-7 and 3 more"),
        ("ann", "ann removed bob", "deleted-7 removed bob"),
        ("ann", "bob removed Ann", "bob removed deleted-7"),
        ("ann", "ann named the conversation ann, bob", "deleted-7 named the conversation ann, bob"),
        ("ann", "bob named the conversation ann", "bob named the conversation ann"),
    ],
)
def test_sentences(username: str, said: str, told: str) -> None:
    """The name goes where it names somebody, whatever word it is."""
    assert retelling.sentence(gone(username), said) == told


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("ann, bob", "deleted-7, bob"),
        ("bob, Ann", "bob, deleted-7"),
        ("bob, an…", "bob, …"),
        ("bob, anna", "bob, anna"),
        ("bob, zo…", "bob, zo…"),
    ],
)
def test_made_names(made: str, told: str) -> None:
    """Also where the end was cut off."""
    assert retelling.listed(gone("ann"), made) == told


def body(**fields: Any) -> Any:
    """A body retold without Ann."""
    return json.loads(retelling.body(gone("ann"), json.dumps(fields).encode()))


def test_a_message_stays_as_it_was_at_that_time() -> None:
    """Only names change: who has been removed since learns nothing of later edits."""
    message = {"id": 7, "kind": "text", "sender_id": 7, "content": "ann left"}
    names = {"sender_username": "ann", "sender_fullname": "Ann A.", "mentions": ["bob", "ANN"]}
    told = {"sender_username": "deleted-7", "sender_fullname": "deleted user", "mentions": ["bob"]}
    assert body(**message, **names) == {**message, **told}


def test_a_name_given_by_people_stays() -> None:
    """A group somebody named after her, and a reaction that is her name, are theirs."""
    given = {"id": 7, "name": "ann, bob", "named": True, "topic": "ann", "emoji": "ann"}
    assert body(**given) == given
