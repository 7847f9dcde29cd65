"""A list of values as one parameter of a statement, or as one column of a row."""

from collections.abc import Iterable

import msgspec

_encode = msgspec.json.Encoder().encode
of_integers = msgspec.json.Decoder(tuple[int, ...]).decode
of_texts = msgspec.json.Decoder(tuple[str, ...]).decode


def as_list(values: Iterable[int | str]) -> str:
    """The parameter that `each` takes."""
    return _encode(list(values)).decode()


def each(parameter: str = "?", kind: type[int | str] = int) -> str:
    """A table with the values of a list in its column `value`; it is to be given an alias.

    SQLite takes it as it stands; the path, which is that of the whole, tells PostgreSQL's engine
    that the values are texts.
    """
    return f"json_each({parameter})" if kind is int else f"json_each({parameter}, '$')"


def one_of(parameter: str = "?", kind: type[int | str] = int) -> str:
    """The values of a list, to stand after IN."""
    return f"(SELECT value FROM {each(parameter, kind)} AS listed)"


def gathered(column: str) -> str:
    """An aggregate: the values of a column as one text, which `of_integers` or `of_texts` reads.

    A hundred values in one row cost a fifth of a hundred rows.
    """
    return f"CAST(json_group_array({column}) AS TEXT)"
