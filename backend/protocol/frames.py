"""Answers to frames: text frames of RFC 6455 as bytes, unmasked, as a server sends them.

A durable frame is a head and a tail. Within the head, the shared part (`data`, `at`, the cursor
without its tag) is encoded once for all who get it, who asked included; a reply has the reply
fields (`ref`, and what concerns this frame only) before it. The tail is the tag of the socket's
user, which always has the same length.
"""

from collections.abc import Mapping

import msgspec

from backend.protocol.cursor import tag_for
from backend.protocol.errors import Refused

encode = msgspec.json.Encoder().encode

TAIL_LENGTH = 8 + 2
MAX_REASON = 123  # bytes: a control frame holds 125, two are the code


def tail_for(epoch: str, user_id: int) -> bytes:
    """The end of every durable frame to this user: the cursor's tag, and the closing brace."""
    return f'{tag_for(epoch, user_id)}"}}'.encode()


def _header(length: int) -> bytes:
    """The header of an unmasked, final text frame (RFC 6455, section 5.2)."""
    if length < 126:
        return bytes((0x81, length))
    if length < 65536:
        return b"\x81\x7e" + length.to_bytes(2, "big")
    return b"\x81\x7f" + length.to_bytes(8, "big")


def closing(code: int, reason: str) -> bytes:
    """A whole close frame (RFC 6455, section 5.5.1); the reason is cut to what it may hold."""
    text = reason.encode()[:MAX_REASON].decode(errors="ignore").encode()
    payload = code.to_bytes(2, "big") + text
    return bytes((0x88, len(payload))) + payload


def shared_part(body: bytes, epoch: str, at: int) -> bytes:
    """The shared part of the frames that a log row becomes: `data`, `at` and the cursor so far."""
    return b'"data":%b,"at":%d,"cursor":"%b-%d-' % (body, at, epoch.encode(), at)


def durable(type_: str, shared: bytes, fields: bytes = b"") -> bytes:
    """The head of a durable frame, all but its tail: with `fields` a reply, without a push."""
    start = b'{"type":"%b","success":true,%b' % (type_.encode(), fields)
    return b"".join((_header(len(start) + len(shared) + TAIL_LENGTH), start, shared))


def replayed(type_: str, body: bytes, epoch: str, at: int) -> bytes:
    """The head of a push to one socket alone, made in one go: nobody shares a part of it."""
    payload = b'{"type":"%b","success":true,"data":%b,"at":%d,"cursor":"%b-%d-' % (
        type_.encode(), body, at, epoch.encode(), at,
    )  # fmt: skip
    return _header(len(payload) + TAIL_LENGTH) + payload


def reply_fields(ref: str | int | None, extras: Mapping[str, object] | None = None) -> bytes:
    """The reply fields: the `ref` if there is one, and what concerns this frame only."""
    text = b"" if ref is None else b'"ref":%b,' % encode(ref)
    if extras is not None:
        for name, value in extras.items():
            text += b'"%b":%b,' % (name.encode(), encode(value))
    return text


def plain(type_: str, body: bytes, fields: bytes = b"", at: int | None = None) -> bytes:
    """A whole frame without a cursor: an ephemeral push, or the reply to a read made at `at`."""
    end = b"}" if at is None else b',"at":%d}' % at
    payload = b'{"type":"%b","success":true,%b"data":%b%b' % (type_.encode(), fields, body, end)
    return _header(len(payload)) + payload


def error(type_: str, ref: str | int | None, refused: Refused) -> bytes:
    """A whole error frame."""
    answer: dict[str, object] = {"type": type_, "success": False}
    if ref is not None:
        answer["ref"] = ref
    answer |= {"error": refused.text, "code": str(refused.code)}
    if refused.field is not None:
        answer["field"] = refused.field
    if refused.retry_after_ms is not None:
        answer["retry_after_ms"] = refused.retry_after_ms
    payload = encode(answer)
    return _header(len(payload)) + payload
