"""Statements as PostgreSQL takes them."""

import pytest

from backend.store.engine.lists import each, gathered, one_of
from backend.store.engine.postgres.statements import rewritten


@pytest.mark.parametrize(
    ("sql", "text", "names"),
    [
        ("SELECT ? WHERE a = ?", "SELECT $1 WHERE a = $2", ()),
        ("SELECT :b, :a, :b", "SELECT $1, $2, $1", ("b", "a")),
        ("SELECT '?', ':a', 'it''s ?', \"?\" -- ?", "SELECT '?', ':a', 'it''s ?', \"?\" -- ?", ()),
        ("SELECT a::text, '/a/' || :id", "SELECT a::text, '/a/' || $1", ("id",)),
    ],
)
def test_parameters_are_numbered(sql: str, text: str, names: tuple[str, ...]) -> None:
    """Those of one name once; what only looks like one is let be."""
    assert rewritten(sql)[:2] == (text, names)


def test_parameters_are_put_in_order() -> None:
    """By their names, or as they came."""
    assert list(rewritten("SELECT :b, :a").values({"a": 1, "b": 2, "c": 3})) == [2, 1]
    assert list(rewritten("SELECT ?, ?").values((1, 2))) == [1, 2]


@pytest.mark.parametrize("kind", [int, str])
def test_lists_are_no_functions_of_sqlite(kind: type[int | str]) -> None:
    """In both forms, by name and in order."""
    for sql in (
        f"SELECT 1 WHERE x IN {one_of(kind=kind)}",
        f"SELECT 1 WHERE x IN {one_of(':a', kind)} AND y IN {one_of(':a', kind)}",
        f"SELECT j.value FROM {each(kind=kind)} j",
    ):
        text = rewritten(sql).text
        assert "json_each" not in text
        assert "$1" in text
        assert "$2" not in text


def test_values_are_gathered_by_each_engines_own_function() -> None:
    """Both give the same text but for blanks."""
    assert rewritten(f"SELECT {gathered('x')}").text == "SELECT CAST(json_agg(x) AS TEXT)"
