"""Answers as bytes: what is written is what a WebSocket client reads."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.protocol import frames
from backend.protocol.cursor import read_cursor
from backend.protocol.errors import Code, Refused

EPOCH = "0123456789"
SIZES = [0, 1, 60, 100, 125, 126, 127, 1000, 65_000, 65_535, 65_536, 200_000]


def payload(frame: bytes) -> bytes:
    """The payload of one unmasked, final text frame, read as RFC 6455 (5.2) says."""
    assert frame[0] == 0x81
    length, begin = frame[1], 2
    assert length < 128, "a server's frames are not masked"
    if length >= 126:
        size = 2 if length == 126 else 8
        length, begin = int.from_bytes(frame[2 : 2 + size], "big"), 2 + size
        assert length >= (126 if size == 2 else 65_536), "not the shortest form"
    assert len(frame) == begin + length
    return frame[begin:]


@given(st.text(max_size=200))
def test_a_close_frame_is_a_control_frame(reason: str) -> None:
    """Its payload is the code and at most 123 bytes of UTF-8, whole characters (RFC 6455, 5.5)."""
    frame = frames.closing(4402, reason)
    assert frame[0] == 0x88
    assert len(frame) == 2 + frame[1] <= 127
    assert int.from_bytes(frame[2:4], "big") == 4402
    told = frame[4:].decode()
    assert reason.startswith(told)
    assert told == reason or len(frame) > 2 + 125 - 4


@pytest.mark.parametrize("size", SIZES)
def test_frames_of_every_length(size: int) -> None:
    """A durable frame with its tail, and a plain one, have the length they say."""
    body = json.dumps("x" * size).encode()
    durable = frames.durable("send_message", frames.shared_part(body, EPOCH, 7))
    durable += frames.tail_for(EPOCH, 3)
    told = json.loads(payload(durable))
    assert told["data"] == "x" * size
    assert (told["type"], told["success"], told["at"]) == ("send_message", True, 7)
    assert read_cursor(told["cursor"], 3) == (EPOCH, 7)
    plain = json.loads(payload(frames.plain("self", body)))
    assert plain == {"type": "self", "success": True, "data": "x" * size}


def test_a_durable_frame_differs_between_users_in_its_tail_only() -> None:
    """Which has one length, whoever it is for."""
    tails = {frames.tail_for(EPOCH, user) for user in range(1, 1000)}
    assert {len(tail) for tail in tails} == {frames.TAIL_LENGTH}
    assert len(tails) == 999


@given(
    ref=st.none() | st.text(max_size=64) | st.integers(-(2**53), 2**53),
    extras=st.dictionaries(st.sampled_from(["more", "next", "status", "duplicate"]), st.text()),
    at=st.none() | st.integers(0, 2**53 - 1),
)
def test_a_reply_has_what_stands_beside_its_data(
    ref: str | int | None, extras: dict[str, str], at: int | None
) -> None:
    """The ref as it was, the extras, and `at` if there is one."""
    expected: dict[str, object] = {"type": "ping", "success": True, "data": "pong", **extras}
    if ref is not None:
        expected["ref"] = ref
    if at is not None:
        expected["at"] = at
    written = frames.plain("ping", b'"pong"', frames.reply_fields(ref, extras), at)
    assert json.loads(payload(written)) == expected


def test_errors_have_one_shape() -> None:
    """`field`, `ref` and `retry_after_ms` only where there is one."""
    full = Refused(Code.RATE_LIMITED, 'slow "down"', "field", retry_after_ms=5)
    assert json.loads(payload(frames.error("ping", "r", full))) == {
        "type": "ping", "success": False, "ref": "r", "error": 'slow "down"',
        "code": "rate_limited", "field": "field", "retry_after_ms": 5,
    }  # fmt: skip
    bare = Refused(Code.NOT_FOUND, "no")
    assert json.loads(payload(frames.error("ping", None, bare))) == {
        "type": "ping", "success": False, "error": "no", "code": "not_found",
    }  # fmt: skip
