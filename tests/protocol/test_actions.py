"""The sentence of a system message."""

import pytest

from backend.protocol.actions import Action, sentence

MANY = [f"u{number}" for number in range(12)]


@pytest.mark.parametrize(
    ("action", "subjects", "text", "said"),
    [
        ("created", [], None, "ann created the conversation"),
        ("created", ["bob", "zoe"], None, "ann created the conversation with bob, zoe"),
        ("added", ["bob"], None, "ann added bob"),
        ("added", MANY, None, "ann added u0, u1, u2, u3, u4, u5, u6, u7, u8, u9 and 2 more"),
        ("removed", ["bob"], None, "ann removed bob"),
        ("left", [], None, "ann left"),
        ("renamed", [], "Tea", "ann named the conversation Tea"),
        ("role", ["bob"], "owner", "ann made bob the owner"),
        ("role", ["bob"], "moderator", "ann made bob a moderator"),
        ("role", ["bob"], "member", "ann made bob a member"),
    ],
)
def test_it_says_what_was_done(
    action: Action, subjects: list[str], text: str | None, said: str
) -> None:
    """Who did what to whom; of many, ten by name."""
    assert sentence(action, "ann", subjects, text) == said
