"""What `help` tells: every request with a line, or one with its fields."""

import inspect
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, cast

import msgspec

from backend.protocol.base import Request
from backend.protocol.connection import FieldHelp, HelpData
from backend.protocol.errors import Code, Refused
from backend.protocol.events import REQUESTS
from backend.reference.fields import Field, fields_of, limit_words, type_words
from backend.reference.structs import pushed


def docs_of(struct: type) -> tuple[str, str]:
    """Return the first line of a struct's docstring, and the rest."""
    summary, _, rest = inspect.getdoc(struct).partition("\n")  # type: ignore[union-attr]
    return summary, rest.strip()


def summaries() -> dict[str, str]:
    """Return every request's type with a line that says what it does."""
    return {name: docs_of(kind)[0] for name, kind in REQUESTS.items()}


def describe(kind: type[Request], limits: Mapping[str, int]) -> dict[str, FieldHelp]:
    """Return the fields of a request; `limits` are the numbers of the settings that bound them."""
    return {field.name: _help(field, limits) for field in fields_of(kind)}


def writes() -> tuple[str, ...]:
    """Return the requests that change something, and so cause a push."""
    return tuple(name for name, kind in REQUESTS.items() if kind.GOES_TO and name != "typing")


class Schemas(NamedTuple):
    """JSON Schema: of the `data` of replies and of pushes by type, of every struct by its name."""

    replies: dict[str, Any] | None = None
    pushes: dict[str, Any] | None = None
    schemas: dict[str, Any] | None = None


def schemas(kinds: Mapping[str, type[Request]], types: Iterable[str]) -> Schemas:
    """Return the JSON Schema of these requests, of their replies, and of pushes of these types."""
    pushes = {name: data for name, (data, _) in pushed().items() if name in types}
    every = [*(kind.DATA for kind in kinds.values()), *pushes.values(), *kinds.values()]
    found, structs = msgspec.json.schema_components(every, ref_template="#/schemas/{name}")
    told = iter(found)
    replies = {name: next(told) for name in kinds}
    return Schemas(replies, {name: next(told) for name in pushes}, structs)


def help_data(event: str | None, limits: Mapping[str, int], with_schemas: bool = False) -> HelpData:
    """Return all requests with a line each, or with `event` that one and its fields.

    Raises Refused with `not_found` when there is no such request.
    """
    if event is None:
        found = schemas(REQUESTS, pushed()) if with_schemas else Schemas()
        return HelpData(
            types=summaries(),
            fields=None,
            limits=dict(limits),
            writes=writes(),
            **found._asdict(),
        )
    if event not in REQUESTS:
        text = f"event: no event {event[:64]!r}; 'help' without it lists them"
        raise Refused(Code.NOT_FOUND, text, "event")
    kind = REQUESTS[event]
    found = schemas({event: kind}, [event]) if with_schemas else Schemas()
    return HelpData(
        types={event: " ".join(docs_of(kind)).strip().replace("\n", " ")},
        fields=describe(kind, limits),
        limits=dict(limits),
        writes=tuple(name for name in writes() if name == event),
        **found._asdict(),
    )


def _help(field: Field, limits: Mapping[str, int]) -> FieldHelp:
    return FieldHelp(
        type=type_words(field.kind).replace("`", ""),
        required=field.required,
        default=cast("str | int | bool | None", field.default),
        limit=limit_words(field, limits),
    )
