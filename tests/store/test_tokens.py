"""What a text is found by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.store.tokens import MAX_PAIRS, MAX_WORD, index_tokens, query_tokens, split_words


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Crème BRÛLÉE", "creme brulee"),
        ("STRASSE", "straße"),
        ("Ещё ЧАЙ", "еще чай"),
        ("ﬁancé", "FIANCE"),
        ("snake_case-and.dots", "snake case and dots"),
        ("می‌خواهم", "میخواهم"),
        ("東京タワーへ行く", "タワー"),
        ("東京タワーへ行く", "東"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("안녕하세요", "하세"),
        ("สวัสดีครับ", "ครับ"),
        ("हिन्दी में", "हिन्दी"),
        ("a東b", "東"),
    ],
)
def test_a_text_is_found_however_it_is_written(written: str, asked: str) -> None:
    """Case, accents, widths and joiners make no difference; pieces of spaceless runs are found."""
    assert set(query_tokens(asked)) <= set(index_tokens(written))
    assert query_tokens(asked)


def test_other_words_are_not_found() -> None:
    """A word is not found by its beginning, nor an ideograph by its neighbour."""
    assert not set(query_tokens("mess")) <= set(index_tokens("a message"))
    assert not set(query_tokens("京東")) <= set(index_tokens("東京"))


def test_only_words_count() -> None:
    """A text of signs has no tokens; an emoji is a word of its own, whatever its skin."""
    assert split_words("!? …\0\ud800 --") == []
    assert split_words("good👍🏽 ❤️x") == ["good", "👍", "❤", "x"]


def test_tokens_are_bounded() -> None:
    """A long word is found by its beginning, a long run by its first pairs."""
    assert query_tokens("a" * 500) == ["a" * MAX_WORD]
    assert len(query_tokens("".join(chr(0x4E00 + i) for i in range(200)))) == MAX_PAIRS


@given(st.text())
def test_every_word_of_a_text_finds_it(text: str) -> None:
    """Each word's tokens are among the text's, and no token has a sign of the query language."""
    found = set(index_tokens(text))
    for word in text.split():
        assert set(query_tokens(word)) <= found
    assert all(not any(c.isascii() and not c.isalnum() for c in token) for token in found)
