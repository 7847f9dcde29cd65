"""Frames to requests: bytes in, one of the request structs out, or a BadFrame that says why not."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, TypeGuard, get_args, get_origin, get_type_hints

import msgspec

from backend.protocol.base import Limit, Request
from backend.protocol.errors import BadFrame, Code
from backend.protocol.events import REQUESTS, AnyRequest

NOT_JSON = "invalid json event"
NO_TYPE = "no type field found in the event"
NUL = "U+0000 is not allowed"

# msgspec's names of what it expected, in a client's words
WORDS = {
    "str": "a string", "int": "an integer", "bool": "a boolean", "array": "an array",
    "object": "an object", "null": "null", "float": "a number",
}  # fmt: skip


class _Envelope(msgspec.Struct):
    type: object = None
    ref: object = None


class _Bound(msgspec.Struct, frozen=True):
    """A field whose length, or value, a setting bounds."""

    field: str
    limit: int
    is_number: bool


class Codec:
    """Decodes frames; `limits` maps the settings named by Limit to their numbers."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self.limits = dict(limits)
        decoder: msgspec.json.Decoder[Request] = msgspec.json.Decoder(AnyRequest)
        self._decode: Callable[[bytes], Request] = decoder.decode
        self._envelope = msgspec.json.Decoder(_Envelope)
        self._bounds = {kind: bounds_of(kind, limits) for kind in REQUESTS.values()}

    def decode(self, frame: bytes) -> Request:
        """The request in a frame; raises BadFrame with what a client needs to mend it."""
        try:
            request = self._decode(frame)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise self._explain(frame, error) from None
        for bound in self._bounds[type(request)]:
            value = getattr(request, bound.field)
            if value is not None and (value if bound.is_number else len(value)) > bound.limit:
                raise _too_much(request, bound, value)
        if b"\\u0000" in frame:
            self._refuse_nul(request)
        return request

    def _refuse_nul(self, request: Request) -> None:
        for field in request.__struct_fields__:
            value = getattr(request, field)
            texts = value if isinstance(value, list) else [value]
            if any(isinstance(text, str) and "\0" in text for text in texts):
                raise _bad_field(request, field, NUL)

    def _explain(self, frame: bytes, error: Exception) -> BadFrame:
        try:
            envelope = self._envelope.decode(frame)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return BadFrame(Code.INVALID_JSON, NOT_JSON)
        ref = envelope.ref if _is_ref(envelope.ref) else None
        if envelope.type is None:
            return BadFrame(Code.MISSING_TYPE, NO_TYPE, "type", ref=ref)
        if not isinstance(envelope.type, str):
            return BadFrame(Code.INVALID_REQUEST, "type: expected a string", "type", ref=ref)
        kind = REQUESTS.get(envelope.type)
        if kind is None:
            name = envelope.type if len(envelope.type) <= 64 else "root"
            text = "type: no such event; 'help' lists them"
            return BadFrame(Code.UNKNOWN_TYPE, text, "type", type_=name, ref=ref)
        if not isinstance(error, msgspec.ValidationError):
            return BadFrame(Code.INVALID_JSON, NOT_JSON, type_=envelope.type, ref=ref)
        field, expected = _read_complaint(str(error), kind)
        text = f"{field}: {expected}" if field else expected
        return BadFrame(Code.INVALID_REQUEST, text, field, type_=envelope.type, ref=ref)


def bounds_of(kind: type[Request], limits: Mapping[str, int]) -> tuple[_Bound, ...]:
    """The fields of a request that are bounded by a setting."""
    found = []
    for field, hint in get_type_hints(kind, include_extras=True).items():
        for limit in limits_in(hint):
            found.append(_Bound(field, limits[limit.setting], _is_number(hint)))
    return tuple(found)


def limits_in(hint: object) -> list[Limit]:
    """The Limit annotations of a field's type, not those of a list's items."""
    if get_origin(hint) is Annotated:
        return [each for each in get_args(hint) if isinstance(each, Limit)]
    return [
        limit
        for each in get_args(hint)
        if get_origin(hint) is not list
        for limit in limits_in(each)
    ]


def _is_number(hint: object) -> bool:
    if get_origin(hint) is Annotated:
        return get_args(hint)[0] is int
    return any(_is_number(each) for each in get_args(hint))


def _is_ref(value: object) -> TypeGuard[str | int]:
    if isinstance(value, str):
        return len(value) <= 64
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def _too_much(request: Request, bound: _Bound, value: object) -> BadFrame:
    unit = "" if bound.is_number else " characters" if isinstance(value, str) else " items"
    return _bad_field(request, bound.field, f"expected at most {bound.limit}{unit}")


def _bad_field(request: Request, field: str, expected: str) -> BadFrame:
    type_ = str(type(request).__struct_config__.tag)
    text = f"{field}: {expected}"
    return BadFrame(Code.INVALID_REQUEST, text, field, type_=type_, ref=request.ref)


def _read_complaint(complaint: str, kind: type[Request]) -> tuple[str | None, str]:
    """msgspec's complaint as the field it is about and what was expected, in a client's words."""
    if match := re.fullmatch(r"Object missing required field `(\w+)`(?: - at .*)?", complaint):
        return match[1], "required"
    if match := re.fullmatch(r"Object contains unknown field `(.*)`(?: - at .*)?", complaint, re.S):
        fields = ", ".join(kind.__struct_fields__)
        return match[1][:64], f"unknown field; expected some of {fields}"
    message, _, path = complaint.partition(" - at `$.")
    field = re.split(r"[.\[`]", path)[0] or None
    if field and message.startswith("Invalid enum value"):
        return field, f"expected {' or '.join(get_args(get_type_hints(kind)[field]))}"
    message = re.sub(
        r"`([^`]*)`",
        lambda m: " or ".join(WORDS.get(w.strip(), w.strip()) for w in m[1].split("|")),
        message,
    )
    return field, message[:1].lower() + message[1:]
