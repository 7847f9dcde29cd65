"""A list of values as one parameter of a statement."""

from collections.abc import Iterable

import msgspec

_encode = msgspec.json.Encoder().encode


def as_list(values: Iterable[int | str]) -> str:
    """The parameter that `each` takes."""
    return _encode(list(values)).decode()


def each(parameter: str = "?") -> str:
    """A table with the values of a list in its column `value`; it is to be given an alias."""
    return f"json_each({parameter})"


def one_of(parameter: str = "?") -> str:
    """The values of a list, to stand after IN."""
    return f"(SELECT value FROM {each(parameter)} AS listed)"
