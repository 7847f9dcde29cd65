"""The JSON body of a request, and its fields.

Bodies are JSON whatever the Content-Type says, because curl's `-d` names a form.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import msgspec
from aiohttp import ClientError, web

from backend.protocol.errors import Code, Refused
from backend.protocol.http.endpoint import MAX_BODY, Body

BODY_TIMEOUT = 30.0  # seconds a client may take to send it

Fields = dict[str, object]
B = TypeVar("B", bound=Body)

_decode = msgspec.json.Decoder(dict[str, object]).decode


def not_json() -> Refused:
    """The body is not a JSON object in UTF-8."""
    return Refused(Code.INVALID_JSON, "not a valid json")


async def read_body(request: web.Request, kind: type[B]) -> B:
    """The body as its route declares it; what else stands in it is ignored.

    It may be left out when no field is required. Raises Refused (invalid_json, too_large), and
    invalid_request for the first field that is not as declared: all that are required are present,
    then all are strings, then none is empty; then what may be absent or null.
    """
    return await read_one_of(request, lambda fields: kind)


async def read_one_of(request: web.Request, choose: Callable[[Fields], type[B]]) -> B:
    """The same, where what is in the body says which of several it is."""
    fields = _object(await _read(request)) if request.body_exists else None
    kind = choose(fields or {})
    required = [each.name for each in msgspec.structs.fields(kind) if each.required]
    if fields is None and required:
        raise not_json()
    found: Fields = dict(zip(required, texts(fields or {}, *required), strict=True))
    return kind(**found | _optional(fields or {}, kind))


def texts(fields: Fields, *names: str) -> list[str]:
    """The values of fields that are required; raises Refused (invalid_request)."""
    for name in names:
        if name not in fields:
            raise _refused(name, "required")
    found = [_text(fields, name) for name in names]
    for name, value in zip(names, found, strict=True):
        if not value:
            raise _refused(name, "should not be empty")
    return [_clean(name, value) for name, value in zip(names, found, strict=True)]


def _object(body: bytes) -> Fields:
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise not_json() from None


def _optional(fields: Fields, kind: type[Body]) -> Fields:
    names = [each.name for each in msgspec.structs.fields(kind) if not each.required]
    given = [name for name in names if fields.get(name) is not None]
    return {name: _clean(name, _text(fields, name)) for name in given}


def _text(fields: Fields, name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise _refused(name, "should be a string")
    return value


def _clean(name: str, value: str) -> str:
    if "\0" in value:
        raise _refused(name, "should not contain U+0000")
    return value


def _refused(name: str, what: str) -> Refused:
    return Refused(Code.INVALID_REQUEST, f"{name} {what}", name)


async def _read(request: web.Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MAX_BODY:
                    raise Refused(Code.TOO_LARGE, f"body is larger than {MAX_BODY} bytes")
    except TimeoutError:
        raise Refused(Code.INVALID_REQUEST, "body did not arrive in time") from None
    # such as a broken Content-Encoding, or a client that is gone in the middle
    except (ClientError, web.RequestPayloadError, ConnectionError):
        raise not_json() from None
    return bytes(body)
