"""JSON Schema of structs, as AsyncAPI and OpenAPI have it in their components."""

import inspect
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from backend.reference.fields import fields_of, value_kind

Json = dict[str, Any]


def schemas_of(types: Sequence[object]) -> tuple[list[Json], Json]:
    """Return a schema for each type, and the components they refer to by name."""
    schemas, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    for component in components.values():
        if "description" in component:  # docstrings keep their indentation up to Python 3.12
            component["description"] = inspect.cleandoc(component["description"])
    return list(schemas), components


def require_what_is_told(components: Json, told: Iterable[type[msgspec.Struct]]) -> None:
    """Write into the schemas that a field the server tells is always there, be it null."""
    for kind in told:
        components[kind.__name__]["required"] = [
            field.name for field in fields_of(kind) if field.always
        ]


def bound(schema: Json, kind: type[msgspec.Struct], limits: Mapping[str, int]) -> None:
    """Write the numbers of settings into a struct's schema, where the struct only names them."""
    for field in fields_of(kind):
        if field.setting is None:
            continue
        place = schema["properties"][field.name]
        place = place["anyOf"][0] if "anyOf" in place else place
        word = {"StrType": "maxLength", "ListType": "maxItems", "IntType": "maximum"}
        place[word[type(value_kind(field.kind)).__name__]] = limits[field.setting]
        place["x-setting"] = field.setting


def ref(*path: str) -> Json:
    """Return a reference to another place of the document."""
    return {"$ref": "#/" + "/".join(path)}


def as_text(document: Json) -> str:
    """Return a document as it stands in a file."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
