"""The statements of the store as PostgreSQL takes them: each is rewritten once."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from backend.store.engine.db import Parameters

# Lists of values come as JSON (engine/lists.py).
PARAMETER = r"(\?|:\w+)"
IDS = r"CAST(translate(\1, '[]', '{}') AS bigint[])"
TEXTS = r"json_array_elements_text(CAST(\1 AS json))"
LISTS = (
    (rf"IN \(SELECT value FROM json_each\({PARAMETER}\) AS listed\)", f"= ANY ({IDS})"),
    (
        rf"IN \(SELECT value FROM json_each\({PARAMETER}, '\$'\) AS listed\)",
        f"= ANY (ARRAY(SELECT {TEXTS}))",
    ),
    (rf"json_each\({PARAMETER}\)", f"(SELECT unnest({IDS}) AS value)"),
    (rf"json_each\({PARAMETER}, '\$'\)", f"(SELECT {TEXTS} AS value)"),
    (r"\bjson_group_array\(", "json_agg("),
)
# texts, names, comments and casts stay as they are
TOKENS = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|--[^\n]*|::|\?\d*|:(\w+)""")


class Statement(NamedTuple):
    """A statement with its parameters as `$1`…, and their names if they have names."""

    text: str
    names: tuple[str, ...]
    only_reads: bool

    def values(self, parameters: Parameters) -> Sequence[Any]:
        """The parameters in order."""
        if isinstance(parameters, Mapping):
            return [parameters[name] for name in self.names]
        return parameters


@lru_cache(4096)
def rewritten(sql: str) -> Statement:
    """The statement with parameters and lists as PostgreSQL takes them."""
    for form, ours in LISTS:
        sql = re.sub(form, ours, sql)
    names: dict[str, int] = {}
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        if found[1] is not None:
            return f"${names.setdefault(found[1], len(names) + 1)}"
        if found[0][0] != "?":
            return found[0]
        if found[0] != "?":
            return f"${found[0][1:]}"
        count += 1
        return f"${count}"

    text = TOKENS.sub(number, sql)
    return Statement(text, tuple(names), text.lstrip().startswith(("SELECT", "WITH")))
