"""The parts of docs/protocol.md that are made from the structs; the rest of it is written by hand.

docs/protocol.md marks each part with `<!-- begin: NAME -->` and `<!-- end: NAME -->`.
"""

import itertools
import json
import sys
from collections.abc import Callable

from msgspec import inspect

from backend.protocol.base import Request, type_of
from backend.protocol.close_codes import CloseCode
from backend.protocol.errors import MEANING
from backend.protocol.events import PUSHED_AS, PUSHES, REQUESTS
from backend.reference.examples import example
from backend.reference.fields import fields_of
from backend.reference.help import docs_of
from backend.reference.structs import structs_told
from backend.reference.tables import Limits, asked_fields, docs, table, told_fields, words


def parts(limits: Limits) -> dict[str, str]:
    """Return every generated part by its name; `limits` are the defaults that are told."""
    makers: dict[str, Callable[[Limits], str]] = {
        "closing": lambda _: closing(),
        "errors": lambda _: errors(),
        "limits": limit_table,
        "overview": lambda _: overview(),
        "requests": requests,
        "pushes": lambda _: pushes(),
        "things": lambda _: things(),
    }
    return {name: make(limits) for name, make in makers.items()}


def closing() -> str:
    """Return the table of close codes."""
    rows = [(f"{code:d}", code.meaning, code.client) for code in CloseCode]
    return table(("code", "why", "what the client does"), rows)


def errors() -> str:
    """Return the table of error codes."""
    rows = [
        (f"`{code}`", meaning, "yes" if retry else "no")
        for code, (meaning, retry) in MEANING.items()
    ]
    return table(("code", "meaning", "can a retry help?"), rows)


def limit_table(limits: Limits) -> str:
    """Return the table of limits and their defaults."""
    return table(
        ("setting", "default"), [(f"`{name}`", str(value)) for name, value in limits.items()]
    )


def overview() -> str:
    """Return a line for each request, grouped by what they are about."""
    rows = [
        (f"[`{name}`](#{name})", docs_of(kind)[0], "yes" if kind.GOES_TO else "no")
        for name, kind in REQUESTS.items()
    ]
    return table(("request", "what it does", "causes a push"), rows)


def requests(limits: Limits) -> str:
    """Return every request in full."""
    texts = []
    for module, group in itertools.groupby(REQUESTS.values(), lambda kind: kind.__module__):
        title = docs_of_module(module).removesuffix(".")
        texts.append(f"### {title}")
        texts += [_request(kind, limits) for kind in group]
    return "\n\n".join(texts)


def docs_of_module(name: str) -> str:
    """Return the first line of a module's docstring."""
    return (sys.modules[name].__doc__ or "").partition("\n")[0]


def pushes() -> str:
    """Return the pushes nobody asks for."""
    texts = []
    for name, (kind, when) in PUSHES.items():
        texts.append(f"### {name}\n\nSent {when}. {docs(kind)}\n\n{told_fields(fields_of(kind))}")
    return "\n\n".join(texts)


def things() -> str:
    """Return every struct that stands in `data`, or in one of those."""
    own = [kind for kind, _ in PUSHES.values()]
    texts = [
        f"### {kind.__name__}\n\n{docs(kind)}\n\n{told_fields(fields_of(kind))}"
        for kind in structs_told()
        if kind not in own
    ]
    return "\n\n".join(texts)


def _request(kind: type[Request], limits: Limits) -> str:
    lines = [f"#### {type_of(kind)}", docs(kind)]
    fields = fields_of(kind)
    lines.append(asked_fields(fields, limits) if fields else "No fields.")
    lines.append(f"```json\n{json.dumps(example(kind), ensure_ascii=False)}\n```")
    lines.append(_reply(kind))
    if kind.GOES_TO:
        lines.append(_push(kind))
    return "\n\n".join(lines)


def _reply(kind: type[Request]) -> str:
    beside = "".join(f"\n- beside it `{name}`: {says}" for name, says in kind.REPLY_FIELDS.items())
    return f"Reply:\n\n- `data`: {words(inspect.type_info(kind.DATA))}{beside}"


def _push(kind: type[Request]) -> str:
    _, data = PUSHED_AS.get(type_of(kind), ("", kind.DATA))
    told = "" if data is kind.DATA else f" There `data` is a {words(inspect.type_info(data))}."
    return f"Push to {kind.GOES_TO}.{told}"
