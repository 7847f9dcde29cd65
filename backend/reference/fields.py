"""The fields of a struct in a reader's words: what `help`, the docs and AsyncAPI are made from."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, cast, get_type_hints

import msgspec
from msgspec import NODEFAULT, inspect

from backend.protocol.base import MAX_INTEGER
from backend.protocol.codec import limits_in

SIMPLE: dict[type[inspect.Type], str] = {
    inspect.IntType: "integer",
    inspect.StrType: "string",
    inspect.BoolType: "boolean",
    inspect.NoneType: "null",
    inspect.AnyType: "any value",
    inspect.EnumType: "string",
}
NameOf = Callable[[type], str]


class Field(NamedTuple):
    """One field; it is bounded from above by `at_most`, or by the setting named in `setting`.

    `required` is about a request: it has to be given. `always` is about what the server tells:
    it is there, be it null or its default.
    """

    name: str
    kind: inspect.Type
    required: bool
    always: bool
    default: object
    at_least: int | None
    at_most: int | None
    setting: str | None


def fields_of(struct: type[msgspec.Struct]) -> list[Field]:
    """Return the fields of a struct in order, a request's `ref` left out."""
    info = cast(inspect.StructType, inspect.type_info(struct))
    hints = get_type_hints(struct, include_extras=True)
    return [_field(each, hints[each.name]) for each in info.fields if each.name != "ref"]


def type_words(kind: inspect.Type, name_of: NameOf = lambda struct: struct.__name__) -> str:
    """Return what a value of this type is; `name_of` words the structs in it."""
    if isinstance(kind, inspect.UnionType):
        return " or ".join(type_words(each, name_of) for each in kind.types)
    if isinstance(kind, inspect.LiteralType):
        return " or ".join(f"`{value}`" for value in kind.values)
    if isinstance(kind, inspect.ListType | inspect.VarTupleType):
        return f"list of {_many(type_words(kind.item_type, name_of))}"
    if isinstance(kind, inspect.TupleType):
        return "empty list"
    if isinstance(kind, inspect.DictType):
        return f"object: string to {type_words(kind.value_type, name_of)}"
    if isinstance(kind, inspect.StructType):
        return name_of(kind.cls)
    if isinstance(kind, inspect.Metadata):
        return str((kind.extra_json_schema or {})["format"])
    return SIMPLE[type(kind)]


def limit_words(field: Field, limits: Mapping[str, int]) -> str | None:
    """Return how long, how many or how large a field may be, or None when nothing bounds it."""
    low = field.at_least
    high = limits[field.setting] if field.setting else field.at_most
    if high is None:
        if low == 1 and isinstance(value_kind(field.kind), inspect.StrType):
            return "not empty"
        return None if low is None else f"at least {low}{_unit(field.kind)}"
    span = f"at most {high}" if low is None else f"{low} to {high}"
    return span + _unit(field.kind) + (f" ({field.setting})" if field.setting else "")


def value_kind(kind: inspect.Type) -> inspect.Type:
    """Return a field's type when it is not null."""
    return kind.types[0] if isinstance(kind, inspect.UnionType) else kind


def _field(field: inspect.Field, hint: object) -> Field:
    default = None if field.default is NODEFAULT else field.default
    settings = [limit.setting for limit in limits_in(hint)]
    low, high = _bounds(value_kind(field.type))
    return Field(
        name=field.name,
        kind=field.type,
        required=field.required,
        always=field.required or field.default is not NODEFAULT,
        default=default,
        at_least=low,
        at_most=None if high == MAX_INTEGER else high,
        setting=settings[0] if settings else None,
    )


def _bounds(kind: inspect.Type) -> tuple[int | None, int | None]:
    if isinstance(kind, inspect.IntType):
        return kind.ge, kind.le
    if isinstance(kind, inspect.StrType | inspect.ListType):
        return kind.min_length, kind.max_length
    return None, None


def _unit(kind: inspect.Type) -> str:
    value = value_kind(kind)
    if isinstance(value, inspect.StrType):
        return " characters"
    return " items" if isinstance(value, inspect.ListType) else ""


def _many(words: str) -> str:
    return f"{words}s" if words in SIMPLE.values() else words
