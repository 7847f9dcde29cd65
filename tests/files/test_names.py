"""Names of files, cleaned."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.files.names import MAX_NAME, UNSEEN, clean_name


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("cat.jpg", "cat.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\cat.jpg", "cat.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("a\r\nSet-Cookie: b", "aSet-Cookie: b"),
        (" .hidden. ", "hidden"),
        ("..", "file"),
        ("", "file"),
        ("dir/", "file"),
        ("Fu\u0308ße \U0001f469\u200d\U0001f680.txt", "Füße \U0001f469\u200d\U0001f680.txt"),
        ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
        ("x." + "y" * 300, "x." + "y" * 198),
    ],
)
def test_a_name_as_it_is_shown(given_name: str, shown: str) -> None:
    """Without a path, what cannot be seen, and too much of it; its ending stays."""
    assert clean_name(given_name) == shown


@given(st.text())
def test_any_name_becomes_one_that_can_be_shown(name: str) -> None:
    """Never empty, long, a path or a trick; and cleaning it again changes nothing."""
    shown = clean_name(name)
    assert 0 < len(shown) <= MAX_NAME
    assert not set(shown) & set("/\\\r\n\0\u202e")
    assert UNSEEN.search(shown) is None
    assert shown not in {".", ".."}
    assert unicodedata.is_normalized("NFC", shown)
    assert clean_name(shown) == shown
