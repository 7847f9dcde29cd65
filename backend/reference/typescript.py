"""What goes over the wire as TypeScript declarations, made from the structs."""

import inspect as source
from collections.abc import Iterable

from msgspec import inspect

from backend.protocol.errors import Code
from backend.protocol.events import REQUESTS
from backend.reference.fields import Field, fields_of
from backend.reference.structs import pushed, structs_told

SIMPLE: dict[type[inspect.Type], str] = {
    inspect.IntType: "number",
    inspect.StrType: "string",
    inspect.BoolType: "boolean",
    inspect.NoneType: "null",
    inspect.AnyType: "unknown",
}
BESIDE = {
    "duplicate": "true",
    "more": "boolean",
    "next": "number | null",
    "status": "'created' | 'exists'",
}
HEADER = "/** What goes over the wire. Made by `make docs` from the structs of backend/protocol. */"


def typescript() -> str:
    """Return the declarations: every thing, request, reply, push and code of an error."""
    parts = [HEADER]
    parts += [_thing(kind) for kind in structs_told()]
    parts.append(_interface("Requests", "The fields of each request.", _requests()))
    parts.append(_interface("Replies", "What stands in each reply.", _replies()))
    parts.append(_interface("Pushes", "What stands in the `data` of each push.", _pushes()))
    codes = " | ".join(f"'{code}'" for code in Code)
    parts.append(f"/** Why a request was refused. */\nexport type Code =\n  {codes};")
    return "\n\n".join(parts) + "\n"


def type_in_typescript(kind: inspect.Type) -> str:
    """Return the TypeScript type of a value; raises KeyError for one that has none here."""
    if isinstance(kind, inspect.UnionType):
        return " | ".join(dict.fromkeys(type_in_typescript(each) for each in kind.types))
    if isinstance(kind, inspect.LiteralType):
        return " | ".join(f"'{value}'" for value in kind.values)
    if isinstance(kind, inspect.ListType | inspect.VarTupleType):
        item = type_in_typescript(kind.item_type)
        return f"readonly ({item})[]" if "|" in item else f"readonly {item}[]"
    if isinstance(kind, inspect.TupleType):
        return "readonly []"
    if isinstance(kind, inspect.DictType):
        return f"Record<string, {type_in_typescript(kind.value_type)}>"
    if isinstance(kind, inspect.StructType):
        return kind.cls.__name__
    return SIMPLE[type(kind)]


def _thing(kind: type) -> str:
    says = " ".join((source.getdoc(kind) or "").split())
    return _interface(kind.__name__, says, (_field(each, each.always) for each in fields_of(kind)))


def _requests() -> Iterable[str]:
    for name, kind in REQUESTS.items():
        fields = [_field(each, each.required) for each in fields_of(kind)]
        yield f"{name}: {{ {' '.join(fields)} }};" if fields else f"{name}: {{}};"


def _replies() -> Iterable[str]:
    for name, kind in REQUESTS.items():
        data = type_in_typescript(inspect.type_info(kind.DATA))
        beside = [f" {each}?: {BESIDE[each]};" for each in kind.REPLY_FIELDS]
        yield f"{name}: {{ data: {data};{''.join(beside)} }};"


def _pushes() -> Iterable[str]:
    for name, (data, _) in pushed().items():
        yield f"{name}: {type_in_typescript(inspect.type_info(data))};"


def _field(field: Field, always: bool) -> str:
    return f"{field.name}{'' if always else '?'}: {type_in_typescript(field.kind)};"


def _interface(name: str, says: str, lines: Iterable[str]) -> str:
    body = "".join(f"  {line}\n" for line in lines)
    return f"/** {says} */\nexport interface {name} {{\n{body}}}"
