"""What nodes tell each other arrives whole, in order, in pieces that PostgreSQL takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.peers import MAX_BYTES, Peers, pack


def pair() -> tuple[Peers, Peers, list[tuple[str, object]]]:
    """Two nodes, and what the second hears of words and sums."""
    one, other = Peers("one"), Peers("other")
    one.is_open = other.is_open = True
    heard: list[tuple[str, object]] = []
    other.hear("word", str, lambda node, word: heard.append((node, word)))
    other.hear("sum", tuple[str, float], lambda node, added: heard.append((node, added)))
    return one, other, heard


def pass_on(one: Peers, other: Peers) -> None:
    """Let the other hear what waits."""
    for text in pack(one.node, one.take()):
        other.heard(text)


def test_the_last_value_is_told_and_amounts_are_added_up() -> None:
    one, other, heard = pair()
    one.tell("word", 1, "first")
    one.tell("word", 2, "second")
    one.tell("word", 1, "last")
    one.add("sum", "eve", 2)
    one.add("sum", "eve", 3)
    one.tell("a topic of the future", 1, {})
    one.tell("word", 3, {"in": "a way of the future"})
    pass_on(one, other)
    pass_on(one, other)
    assert heard == [("one", "second"), ("one", "last"), ("one", ("eve", 5.0))]


def test_nobody_hears_themselves_and_nothing_waits_while_there_is_nobody() -> None:
    one, other, heard = pair()
    other.tell("word", 1, "mine")
    pass_on(other, other)
    one.is_open = False
    one.tell("word", 1, "lost")
    one.add("sum", "eve", 1)
    assert (heard, one.take()) == ([], [])


@given(st.lists(st.text(max_size=1200), max_size=30))
def test_what_is_packed_arrives_whole_in_pieces_that_are_taken(words: list[str]) -> None:
    one, other, heard = pair()
    for number, word in enumerate(words):
        one.tell("word", number, word)
    texts = pack(one.node, one.take())
    assert all(len(text.encode()) <= MAX_BYTES for text in texts)
    for text in texts:
        other.heard(text)
    assert heard == [("one", word) for word in words]


def test_what_is_too_long_arrives_in_pieces() -> None:
    """Between what is told before it and after it."""
    _, other, heard = pair()
    words = ["first", "\x00ü" * 3 * MAX_BYTES, "last"]
    texts = pack("one", [("word", word) for word in words])
    assert all(len(text.encode()) <= MAX_BYTES for text in texts)
    for text in texts:
        other.heard(text)
    assert heard == [("one", word) for word in words]


@pytest.mark.parametrize("lost", range(4))
def test_what_is_told_in_pieces_is_not_heard_if_one_is_lost(lost: int) -> None:
    """The next is, whatever is left of it."""
    _, other, heard = pair()
    texts = pack("one", [("word", "x" * 3 * MAX_BYTES)])
    for text in texts[:lost] + texts[lost + 1 :]:
        other.heard(text)
    assert heard == []
    for text in pack("one", [("word", "y" * 2 * MAX_BYTES)]):
        other.heard(text)
    assert heard == [("one", "y" * 2 * MAX_BYTES)]
