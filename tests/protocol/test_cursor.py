"""Cursors: opaque, bound to their user, at most 64 characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.protocol.cursor import read_cursor, write_cursor

EPOCH = "0123456789"
positions = st.integers(0, 2**53 - 1)
users = st.integers(1, 2**53 - 1)


@given(positions, users)
def test_a_cursor_is_read_as_it_was_written(position: int, user: int) -> None:
    """By its user."""
    text = write_cursor(EPOCH, position, user)
    assert len(text) <= 64
    assert read_cursor(text, user) == (EPOCH, position)


@given(positions, users, users)
def test_a_cursor_of_another_user_is_none(position: int, user: int, other: int) -> None:
    """Two accounts in one browser cannot be mixed up."""
    read = read_cursor(write_cursor(EPOCH, position, user), other)
    assert (read is None) == (user != other)


@given(st.text(max_size=70))
def test_anything_else_is_none(text: str) -> None:
    """Whatever somebody sends."""
    assert read_cursor(text, 1) is None


@pytest.mark.parametrize("change", ["-1-", "-01-", "-١-", "-99999999999999999-", "--", "- 1-"])
def test_a_position_has_one_spelling(change: str) -> None:
    """No sign, no leading zero, no other script's digits, nothing past 2^53."""
    good = write_cursor(EPOCH, 1, 1)
    read = read_cursor(good.replace("-1-", change), 1)
    assert (read is not None) == (change == "-1-")
