"""What is told: every struct in `data`, every push; and what goes over HTTP."""

from collections.abc import Iterable

from msgspec import inspect

from backend.protocol.events import PUSHED_AS, PUSHES, REQUESTS
from backend.protocol.http.endpoint import Body, Done, Failure
from backend.protocol.http.table import ENDPOINTS
from backend.protocol.models import Thing


def pushed() -> dict[str, tuple[object, str]]:
    """Return every push by its type: what its `data` is, and to whom or when it is sent."""
    found: dict[str, tuple[object, str]] = {}
    for name, kind in REQUESTS.items():
        type_, data = PUSHED_AS.get(name, (name, kind.DATA))
        if kind.GOES_TO and type_ == name:
            found[name] = (data, f"to {kind.GOES_TO}")
    return found | PUSHES


def structs_told() -> list[type[Thing]]:
    """Return every struct a client can be told, by name."""
    data = [kind.DATA for kind in REQUESTS.values()]
    roots = inspect.multi_type_info([*data, *(data for data, _ in pushed().values())])
    found = {struct for root in roots for struct in _structs_in(root)}
    return sorted(found, key=lambda struct: struct.__name__)


def structs_answered() -> list[type[Thing]]:
    """Return every struct that is an answer over HTTP, or stands in one, by name."""
    answers = [each.data for endpoint in ENDPOINTS for each in endpoint.answers if each.data]
    roots = inspect.multi_type_info([*answers, Done, Failure])
    found = {struct for root in roots for struct in _structs_in(root)}
    return sorted(found, key=lambda struct: struct.__name__)


def structs_sent() -> list[type[Body]]:
    """Return every struct that is a body over HTTP, by name."""
    contents = [each for endpoint in ENDPOINTS for each in endpoint.body]
    found = {kind for content in contents for kind in content.fields}
    return sorted(found, key=lambda struct: struct.__name__)


def _structs_in(kind: inspect.Type) -> Iterable[type[Thing]]:
    if isinstance(kind, inspect.StructType):
        if issubclass(kind.cls, Thing):
            yield kind.cls
        for field in kind.fields:
            yield from _structs_in(field.type)
    elif isinstance(kind, inspect.UnionType):
        for each in kind.types:
            yield from _structs_in(each)
    elif isinstance(kind, inspect.VarTupleType):
        yield from _structs_in(kind.item_type)
    elif isinstance(kind, inspect.DictType):
        yield from _structs_in(kind.value_type)
