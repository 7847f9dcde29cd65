"""The JSON body of a request, and its fields.

Bodies are JSON whatever the Content-Type says, because curl's `-d` names a form.
"""

import asyncio

import msgspec
from aiohttp import ClientError, web

from backend.protocol.errors import Code, Refused

MAX_BODY = 64 * 1024
BODY_TIMEOUT = 30.0  # seconds a client may take to send it

Fields = dict[str, object]

_decode = msgspec.json.Decoder(dict[str, object]).decode


def not_json() -> Refused:
    """The body is not a JSON object in UTF-8."""
    return Refused(Code.INVALID_JSON, "not a valid json")


async def read_fields(request: web.Request) -> Fields:
    """The object in the body; raises Refused (invalid_json, too_large)."""
    body = await _read(request)
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise not_json() from None


async def read_optional_fields(request: web.Request) -> Fields:
    """As `read_fields`, but a body need not be."""
    return await read_fields(request) if request.body_exists else {}


def texts(fields: Fields, *names: str) -> list[str]:
    """The values of fields that are required.

    Checked as the contract has it: all are present, then all are strings, then none is empty.
    Raises Refused (invalid_request) for the first that is not.
    """
    for name in names:
        if name not in fields:
            raise _refused(name, "required")
    found = [_text(fields, name) for name in names]
    for name, value in zip(names, found, strict=True):
        if not value:
            raise _refused(name, "should not be empty")
    return [_clean(name, value) for name, value in zip(names, found, strict=True)]


def optional_text(fields: Fields, name: str) -> str | None:
    """The value of a field that may be absent or null; raises Refused (invalid_request)."""
    if fields.get(name) is None:
        return None
    return _clean(name, _text(fields, name))


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
