"""The parts of docs/http.md that are made from the routes' declarations.

docs/http.md marks each part with `<!-- begin: NAME -->` and `<!-- end: NAME -->`.
"""

from msgspec import inspect

from backend.protocol.errors import Code
from backend.protocol.http.cookies import COOKIES
from backend.protocol.http.endpoint import Answer, Content, Done, Endpoint, Parameter, Who
from backend.protocol.http.headers import HEADERS
from backend.protocol.http.table import ENDPOINTS, SECTIONS
from backend.reference.fields import fields_of
from backend.reference.structs import structs_answered
from backend.reference.tables import Limits, asked_fields, docs, table, told_fields, words


def http_parts(limits: Limits) -> dict[str, str]:
    """Return every generated part by its name; `limits` are the defaults that are told."""
    return {
        "routes": routes(),
        "cookies": cookies(),
        "headers": table(("header", "says"), [(f"`{k}`", v) for k, v in HEADERS.items()]),
        "endpoints": "\n\n".join(
            f"### {title}\n\n" + "\n\n".join(endpoint(each, limits) for each in section)
            for title, section in SECTIONS.items()
        ),
        "answers": "\n\n".join(
            f"### {kind.__name__}\n\n{docs(kind)}\n\n{told_fields(fields_of(kind))}"
            for kind in structs_answered()
        ),
    }


def routes() -> str:
    """Return a line for each route."""
    rows = [
        (f"[`{each.method} {each.path}`](#{_anchor(each)})", each.says.partition("\n")[0])
        for each in ENDPOINTS
    ]
    return table(("route", "what it does"), rows)


def cookies() -> str:
    """Return the table of cookies."""
    rows = [(f"`{name}`", f"`{each.path}`", each.says) for name, each in COOKIES.items()]
    return table(("cookie", "sent below", "what for"), rows)


def endpoint(route: Endpoint, limits: Limits) -> str:
    """Return one route in full."""
    texts = [f"#### {route.method} {route.path}", route.says]
    if route.example:
        texts.append(f"```sh\n{route.example}\n```")
    if route.who is not Who.ANYBODY:
        texts.append(f"For {route.who}.")
    if route.parameters:
        texts.append(_parameters(route.parameters))
    texts += [_body(each, limits) for each in route.body]
    texts.append("Answers:\n\n" + "\n".join(_answer(each) for each in route.answers))
    if route.sets or route.clears:
        texts.append(_cookies(route))
    told = [each for each in route.refusals if each.code is not Code.INTERNAL_ERROR]
    problems = sorted(told, key=lambda each: each.status)
    rows = [(str(each.status), f"`{each.code}`", each.when) for each in problems]
    if rows:
        texts.append(table(("refused with", "code", "when"), rows))
    return "\n\n".join(texts)


def _anchor(route: Endpoint) -> str:
    """What a heading's link is: small letters, without what is no letter, digit or hyphen."""
    kept = [char for char in route.path.lower() if char.isalnum() or char in "_-"]
    return f"{route.method.lower()}-{''.join(kept)}"


def _parameters(parameters: tuple[Parameter, ...]) -> str:
    rows = [
        (f"`{each.name}`", each.place, words(inspect.type_info(each.kind)), each.says)
        for each in parameters
    ]
    return table(("parameter", "in", "type", "what"), rows)


def _body(content: Content, limits: Limits) -> str:
    if not content.fields:
        return f"Body: the bytes, as `{content.media}`."
    name = "JSON" if content.media == "application/json" else f"`{content.media}`"
    texts = [f"{docs(kind)}\n\n{asked_fields(fields_of(kind), limits)}" for kind in content.fields]
    return f"Body, as {name}: " + "\n\nOr: ".join(texts)


def _answer(answer: Answer) -> str:
    parts = [answer.says] if answer.says else []
    if answer.text is not None:
        parts.append(f"`{answer.text}`")
    if answer.data is not None or answer.text is not None:
        told = words(inspect.type_info(answer.data or Done))
        parts.append(told if answer.text is None else f"for JSON {told}")
    parts += [f"`{media}`" for media in answer.media]
    if answer.headers:
        parts.append("with " + ", ".join(f"`{name}`" for name in answer.headers))
    return f"- {answer.status}" + (": " if parts else "") + "; ".join(parts)


def _cookies(route: Endpoint) -> str:
    said = [("Sets", route.sets), ("Takes away", route.clears)]
    texts = [
        f"{verb} the cookies {', '.join(f'`{name}`' for name in names)}."
        for verb, names in said
        if names
    ]
    return " ".join(texts)
