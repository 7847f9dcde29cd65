"""Frames to requests: what is taken, and in which words the rest is refused."""

import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.protocol import frames
from backend.protocol.base import Request, type_of
from backend.protocol.codec import Codec
from backend.protocol.errors import BadFrame
from backend.protocol.events import REQUESTS
from backend.protocol.messages import SendMessage
from backend.settings import Settings, limits_of

CODEC = Codec(limits_of(Settings()))
BIG = 2**53
NO_STRINGS: list[Any] = [7, [], {}, True]
NO_REFS: list[Any] = [True, 1.5, [], {}, "x" * 65, BIG, -BIG]


def refusal(frame: bytes | str | dict[str, Any]) -> BadFrame:
    """What is wrong with a frame."""
    if isinstance(frame, dict):
        frame = json.dumps(frame)
    with pytest.raises(BadFrame) as raised:
        CODEC.decode(frame.encode() if isinstance(frame, str) else frame)
    return raised.value


def told(frame: bytes | str | dict[str, Any]) -> tuple[str, str, str | None, str]:
    """The (code, text, field, type) it is refused with."""
    bad = refusal(frame)
    return str(bad.code), bad.text, bad.field, bad.type


def test_a_request_becomes_its_struct() -> None:
    """With what was not given at its default."""
    frame = b'{"type":"send_message","conversation_id":7,"content":"hi","ref":"r"}'
    assert CODEC.decode(frame) == SendMessage(conversation_id=7, content="hi", ref="r")


@pytest.mark.parametrize(
    "frame",
    [b"", b"hello", b"{", b"[]", b"null", b'"ping"', b"7", b"NaN", b'{"type":"ping"} x', b"\xff",
     b'{"type":"pi\xffng"}', b'{"type":"ping","ref":NaN}', b"[" * 5000, b'{"type":"a\x00b"}'],
)  # fmt: skip
def test_what_is_no_json_object(frame: bytes) -> None:
    """Also not valid UTF-8, NaN, raw control characters, or deep nesting."""
    assert told(frame)[:3] == ("invalid_json", "invalid json event", None)


def test_deep_nesting_in_a_field() -> None:
    """Refused, whatever field it is in."""
    for field in ("content", "ref", "type", "other"):
        nested = '{"a":' * 3000 + "1" + "}" * 3000
        bad = refusal('{"type":"send_message","%s":%s}' % (field, nested))  # noqa: UP031
        assert bad.code in {"invalid_json", "invalid_request"}


def test_no_type() -> None:
    """The document's words, under the type `root`."""
    for frame in ({}, {"type": None}, {"ref": 1}):
        assert told(frame) == (
            "missing_type", "no type field found in the event", "type", "root",
        )  # fmt: skip


def test_a_type_that_is_none() -> None:
    """An unknown type is echoed unless it is long; one that is no string is named so."""
    assert told({"type": "dance"}) == (
        "unknown_type", "type: no such event; 'help' lists them", "type", "dance",
    )  # fmt: skip
    assert refusal({"type": "x" * 65}).type == "root"
    for value in NO_STRINGS:
        assert told({"type": value}) == (
            "invalid_request", "type: expected a string", "type", "root",
        )  # fmt: skip


def test_the_ref_is_echoed_also_with_an_error() -> None:
    """If it can be made out and is one."""
    assert refusal({"type": "dance", "ref": "r"}).ref == "r"
    assert refusal({"type": "ping", "ref": 7, "x": 1}).ref == 7
    assert refusal({"ref": "r"}).ref == "r"
    for ref in NO_REFS:
        bad = refusal({"type": "ping", "ref": ref})
        assert (bad.code, bad.field, bad.ref) == ("invalid_request", "ref", None)


SEND = {"type": "send_message", "conversation_id": 1, "content": "x"}


@pytest.mark.parametrize(
    ("change", "field", "text"),
    [
        ({"x": 1}, "x", "x: unknown field; expected some of ref, conversation_id,"
         " conversation_client_id, content, files, reply_id, client_id"),
        ({"content": None}, "content", "content: expected a string, got null"),
        ({"content": 7}, "content", "content: expected a string, got an integer"),
        ({"client_id": ""}, "client_id", "client_id: expected a string of length >= 1"),
        ({"content": "x" * 4001}, "content", "content: expected at most 4000 characters"),
        ({"content": "a\0b"}, "content", "content: U+0000 is not allowed"),
        ({"conversation_id": "1"}, "conversation_id",
         "conversation_id: expected an integer or null, got a string"),
        ({"conversation_id": True}, "conversation_id",
         "conversation_id: expected an integer or null, got a boolean"),
        ({"conversation_id": 1.5}, "conversation_id",
         "conversation_id: expected an integer or null, got a number"),
        ({"conversation_id": 0}, "conversation_id", "conversation_id: expected an integer >= 1"),
        ({"conversation_id": BIG}, "conversation_id",
         f"conversation_id: expected an integer <= {BIG - 1}"),
        ({"conversation_id": 10**30}, "conversation_id",
         f"conversation_id: expected an integer <= {BIG - 1}"),
        ({"reply_id": []}, "reply_id", "reply_id: expected an integer or null, got an array"),
        ({"client_id": "x" * 65}, "client_id", "client_id: expected a string of length <= 64"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_what_was_expected(
    change: dict[str, Any], field: str, text: str
) -> None:
    """In a client's words, under the type of the event."""
    assert told({**SEND, **change}) == ("invalid_request", text, field, "send_message")


def test_a_missing_field_is_named() -> None:
    """The first one that is missing."""
    assert told({"type": "set_topic", "topic": "x"}) == (
        "invalid_request", "conversation_id: required", "conversation_id", "set_topic",
    )  # fmt: skip


def test_items_of_lists_are_checked_too() -> None:
    """Under the name of the list; and how many there are."""
    create = {"type": "create_conversation"}
    for members in ([7], ["x" * 65], [""], ["\0"], "bob", ["x"] * 501, ["x"] * 100_000):
        bad = refusal({**create, "members": members})
        assert (bad.code, bad.field) == ("invalid_request", "members")
    many = refusal({**create, "members": ["x"] * 501})
    assert many.text == "members: expected at most 500 items"


def test_choices_are_told() -> None:
    """What a field may be, when it is one of a few."""
    bad = refusal({"type": "create_conversation", "members": [], "kind": "secret"})
    assert (bad.code, bad.field) == ("invalid_request", "kind")
    assert bad.text == "kind: expected direct or group"


@pytest.mark.parametrize("escaped", ["\\ud800", "\\udc00", "\\ud800x", "\\udc00\\ud800"])
def test_lone_surrogates_are_refused(escaped: str) -> None:
    """They are no text: nothing could store or send them."""
    frame = '{"type":"send_message","conversation_id":1,"content":"%s"}' % escaped  # noqa: UP031
    assert refusal(frame).code in {"invalid_json", "invalid_request"}


def test_every_setting_bounds_its_field() -> None:
    """One more than the limit is refused, whatever the limit is set to."""
    codec = Codec(dict.fromkeys(limits_of(Settings()), 3))
    for frame, field in (
        ({"type": "send_message", "conversation_id": 1, "content": "abcd"}, "content"),
        ({"type": "create_conversation", "members": list("abcd")}, "members"),
        ({"type": "get_messages", "conversation_id": 1, "limit": 4}, "limit"),
        ({"type": "get_conversations", "limit": 4}, "limit"),
        ({"type": "set_topic", "conversation_id": 1, "topic": "abcd"}, "topic"),
        ({"type": "update_profile", "bio": "abcd"}, "bio"),
        ({"type": "add_reaction", "message_id": 1, "emoji": "abcd"}, "emoji"),
        ({"type": "get_presence", "usernames": list("abcd")}, "usernames"),
    ):
        with pytest.raises(BadFrame) as raised:
            codec.decode(json.dumps(frame).encode())
        assert raised.value.field == field
        assert "at most 3" in raised.value.text


# What could stand anywhere in a frame.
values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8)
    | st.integers(-(2**70), 2**70) | st.sampled_from([0, 1, 2**53 - 1, 2**53, 2**63, "\0"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)  # fmt: skip
field_names = sorted({name for kind in REQUESTS.values() for name in kind.__struct_fields__})
near_frames = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(REQUESTS)) | values},
    optional=dict.fromkeys(field_names, values),
)


def check(frame: bytes) -> None:
    """Decode a frame: a request that is one, or a BadFrame that can be told."""
    try:
        found: Request | BadFrame = CODEC.decode(frame)
    except BadFrame as bad:
        found = bad
    if isinstance(found, BadFrame):
        assert len(found.text) < 300
        assert len(found.type) <= 64
        frames.error(found.type, found.ref, found)
    else:
        assert REQUESTS[type_of(type(found))] is type(found)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_decoded_or_refused(frame: bytes) -> None:
    """Nothing but BadFrame is raised."""
    check(frame)


@given(values | near_frames)
def test_arbitrary_json_is_decoded_or_refused(value: Any) -> None:
    """Also requests with anything in their fields, and NaN, which JSON does not know."""
    check(json.dumps(value).encode())
    check(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


@given(st.text(alphabet=string.printable + '{}[]":,\\u0\ud800\0', max_size=60))
def test_almost_json_is_decoded_or_refused(text: str) -> None:
    """What a broken client could send."""
    check(text.encode("utf-8", "surrogatepass"))
    frame = '{"type":"send_message","conversation_id":1,"content":"' + text + '"}'
    check(frame.encode("utf-8", "surrogatepass"))
