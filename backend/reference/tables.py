"""Structs as Markdown: tables of their fields, and what they say of themselves."""

import json
from collections.abc import Mapping, Sequence

from msgspec import inspect

from backend.reference.fields import Field, limit_words, type_words
from backend.reference.help import docs_of

Limits = Mapping[str, int]


def asked_fields(fields: list[Field], limits: Limits) -> str:
    """Return the table of what is sent."""
    rows = [
        (
            f"`{field.name}`",
            words(field.kind),
            "**required**" if field.required else f"`{json.dumps(field.default)}`",
            limit_words(field, limits) or "",
        )
        for field in fields
    ]
    return table(("field", "type", "default", "limit"), rows)


def told_fields(fields: list[Field]) -> str:
    """Return the table of what is told."""
    rows = [
        (f"`{field.name}`", words(field.kind) + ("" if field.always else ", or not there"))
        for field in fields
    ]
    return table(("field", "type"), rows)


def words(kind: inspect.Type) -> str:
    """Return what a value of this type is, with links to the structs in it."""
    return type_words(kind, lambda struct: f"[{struct.__name__}](#{struct.__name__.lower()})")


def docs(kind: type) -> str:
    """Return the docstring of a struct: a line, and maybe more."""
    summary, rest = docs_of(kind)
    return f"{summary}\n\n{rest}" if rest else summary


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
