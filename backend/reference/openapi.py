"""The routes as an OpenAPI 3.1 document, made from their declarations."""

import itertools
from collections.abc import Iterable, Mapping

import msgspec

from backend import VERSION
from backend.protocol.http.cookies import LOGIN, REFRESH
from backend.protocol.http.endpoint import (
    Answer,
    Content,
    Done,
    Endpoint,
    Failure,
    Parameter,
    Problem,
    Who,
)
from backend.protocol.http.headers import HEADERS
from backend.protocol.http.table import SECTIONS
from backend.reference.schemas import Json, bound, ref, require_what_is_told, schemas_of
from backend.reference.structs import structs_answered, structs_sent

DESCRIPTION = (
    "Accounts and files; everything else happens on the WebSocket, which asyncapi.json describes. "
    "docs/http.md says the same in prose. Every GET may be asked with HEAD, and every path with "
    "OPTIONS, which says what pages of another origin may send."
)
ERROR = ref("components", "schemas", Failure.__name__)
WITH_STATUS = {401: "WWW-Authenticate", 426: "Upgrade", 429: "Retry-After"}
SCHEMES: Json = {
    "cookie": {"type": "apiKey", "in": "cookie", "name": LOGIN},
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "link": {"type": "apiKey", "in": "query", "name": "token"},
    "refresh": {"type": "apiKey", "in": "cookie", "name": REFRESH},
}
MAY: dict[Who, list[Json]] = {
    Who.ANYBODY: [],
    Who.LOGGED_IN: [{"cookie": []}, {"bearer": []}],
    Who.LINKED: [{"cookie": []}, {"bearer": []}, {"link": []}],
    Who.REFRESHING: [{"refresh": []}, {}],
}


def openapi(limits: Mapping[str, int], url: str = "http://localhost:8000") -> Json:
    """Return the document; `limits` are the numbers of settings, `url` is where the server is."""
    paths: Json = {}
    for section, endpoints in SECTIONS.items():
        for endpoint in endpoints:
            item = paths.setdefault(endpoint.path, {})
            item[endpoint.method.lower()] = _operation(endpoint, section)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Parley",
            "version": VERSION,
            "description": DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": url}],
        "tags": [{"name": section} for section in SECTIONS],
        "paths": paths,
        "components": {"schemas": _schemas(limits), "securitySchemes": SCHEMES},
    }


def _operation(endpoint: Endpoint, section: str) -> Json:
    summary, _, rest = endpoint.says.partition("\n")
    found: Json = {"operationId": endpoint.name, "tags": [section], "summary": summary}
    if rest:
        found["description"] = rest.strip()
    if endpoint.parameters:
        found["parameters"] = [_parameter(each) for each in endpoint.parameters]
    if endpoint.body:
        found["requestBody"] = {
            "required": any(_is_required(each) for each in endpoint.body),
            "content": {each.media: _media(each) for each in endpoint.body},
        }
    found["responses"] = _responses(endpoint)
    found["security"] = MAY[endpoint.who]
    return found


def _parameter(parameter: Parameter) -> Json:
    (schema,), _ = schemas_of([parameter.kind])
    return {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.says,
        "required": parameter.required or parameter.place == "path",
        "schema": schema,
    }


def _is_required(content: Content) -> bool:
    """Whether it cannot be left out: fields have to be given, or there would be no file."""
    fields = [each for kind in content.fields for each in msgspec.structs.fields(kind)]
    return not fields or any(each.required for each in fields)


def _media(content: Content) -> Json:
    kinds = [ref("components", "schemas", kind.__name__) for kind in content.fields]
    if not kinds:
        return {"schema": {"type": "string", "format": "binary"}}
    return {"schema": kinds[0] if len(kinds) == 1 else {"anyOf": kinds}}


def _responses(endpoint: Endpoint) -> Json:
    found = {str(each.status): _answer(endpoint, each) for each in endpoint.answers}
    refusals = sorted(endpoint.refusals, key=lambda each: each.status)
    for status, problems in itertools.groupby(refusals, lambda each: each.status):
        found[str(status)] = _refusal(endpoint, status, list(problems))
    return found


def _answer(endpoint: Endpoint, answer: Answer) -> Json:
    found: Json = {"description": answer.says or answer.text or endpoint.says.partition("\n")[0]}
    content: Json = {}
    if answer.text is not None:
        content["text/plain"] = {"schema": {"type": "string"}, "example": answer.text}
    if answer.text is not None or answer.data is not None:
        told = answer.data or Done
        content["application/json"] = {"schema": ref("components", "schemas", told.__name__)}
    for media in answer.media:
        content[media] = {"schema": {}}
    if content:
        found["content"] = content
    cookies = answer is endpoint.ok and (endpoint.sets or endpoint.clears)
    names = (*answer.headers, *(("Set-Cookie",) if cookies else ()))
    return found | _headers(names)


def _refusal(endpoint: Endpoint, status: int, problems: list[Problem]) -> Json:
    codes = list(dict.fromkeys(str(each.code) for each in problems))
    found: Json = {"description": "\n".join(f"- `{each.code}`: {each.when}" for each in problems)}
    if endpoint.method != "HEAD":
        schema = {"allOf": [ERROR, {"properties": {"code": {"enum": codes}}}]}
        found["content"] = {
            "text/plain": {"schema": {"type": "string"}},
            "application/json": {"schema": schema},
        }
    return found | _headers([WITH_STATUS[status]] if status in WITH_STATUS else [])


def _headers(names: Iterable[str]) -> Json:
    headers = {name: {"description": HEADERS[name], "schema": {"type": "string"}} for name in names}
    return {"headers": headers} if headers else {}


def _schemas(limits: Mapping[str, int]) -> Json:
    told, sent = structs_answered(), structs_sent()
    _, found = schemas_of([*told, *sent])
    require_what_is_told(found, told)
    for kind in sent:
        bound(found[kind.__name__], kind, limits)
    return found
