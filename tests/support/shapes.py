"""Whether a frame is what the structs say: nothing missing, nothing besides, in its order."""

import functools
from typing import Any

import msgspec

from backend.protocol.errors import Code
from backend.protocol.events import PUSHES, REQUESTS

Frame = dict[str, Any]
ERROR_KEYS = {"type", "success", "ref", "error", "code", "field", "retry_after_ms"}
FRAME_KEYS = {"type", "success", "ref", "data", "cursor", "at"}


class Unexpected(AssertionError):
    """A frame that the protocol does not know."""


class Watch:
    """Checks the frames of one socket as they arrive."""

    def __init__(self) -> None:
        self._at = 0
        self._durable = 0

    def see(self, frame: Frame) -> None:
        """Raise Unexpected when a frame differs from the structs, or `at` goes back."""
        if frame.get("success") is True:
            _check_told(frame)
            self._check_order(frame)
        else:
            _check_error(frame)

    def _check_order(self, frame: Frame) -> None:
        at = frame.get("at")
        if at is None:
            return
        is_new = "cursor" in frame and frame["type"] != "ping"
        if at < self._at or (is_new and at <= self._durable):
            raise Unexpected(f"at {at} after {self._at} (durable {self._durable}): {frame}")
        self._at = at
        self._durable = at if is_new else self._durable


def _check_error(frame: Frame) -> None:
    if not {"type", "error", "code"} <= frame.keys() <= ERROR_KEYS or not frame["error"]:
        raise Unexpected(f"not the shape of an error: {frame}")
    if frame["code"] not in set(Code):
        raise Unexpected(f"not a code: {frame}")


def _check_told(frame: Frame) -> None:
    kind = REQUESTS.get(frame["type"])
    beside = kind.REPLY_FIELDS.keys() if kind is not None else ()
    extra = frame.keys() - FRAME_KEYS - set(beside)
    if extra or "data" not in frame:
        raise Unexpected(f"unexpected {extra} in {frame}")
    if len(frame.get("cursor", "")) > 64:
        raise Unexpected(f"a cursor over 64 characters: {frame}")
    data = frame["data"]
    # written by the struct again it must be the same: no field missing, none besides
    try:
        read = msgspec.convert(data, _data_of(frame["type"]))
    except msgspec.ValidationError as error:
        raise Unexpected(f"{error}: {frame}") from None
    again = msgspec.json.decode(msgspec.json.encode(read))
    if again != data:
        raise Unexpected(f"{frame['type']}: expected {again}, got {data}")


@functools.cache
def _data_of(type_: str) -> Any:
    if type_ in PUSHES:
        return PUSHES[type_][0]
    if type_ not in REQUESTS:
        raise Unexpected(f"no such type: {type_}")
    return REQUESTS[type_].DATA
