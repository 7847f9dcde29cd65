"""Bad input on a live socket: a clear error or a clear close, and the server lives."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.protocol.close_codes import CloseCode
from backend.protocol.events import REQUESTS
from tests.support.client import Closed, Frame, Person, Socket, Town
from tests.support.server import Server
from tests.support.shared import SharedTown

SEND = '{"type":"send_message","conversation_id":1,"content":%s,"ref":"r"}'


async def test_a_frame_that_is_no_json_object(guests: Town) -> None:
    """The document's words, under the type `root`; the socket stays open."""
    (alice,) = await guests.online("alice")
    for text in ("hello", "[]", "null", "", "7", '"ping"', "NaN", "{"):
        await alice.send(text)
        assert await alice.next("root") == {
            "type": "root", "success": False, "error": "invalid json event",
            "code": "invalid_json",
        }  # fmt: skip
    assert await alice.do("ping") == "pong"


async def test_a_frame_without_a_type(guests: Town) -> None:
    """The document's words; the ref is echoed."""
    (alice,) = await guests.online("alice")
    await alice.send({"ref": "r", "content": "hi"})
    assert await alice.next("root") == {
        "type": "root", "success": False, "ref": "r",
        "error": "no type field found in the event", "code": "missing_type", "field": "type",
    }  # fmt: skip


async def test_unknown_types_and_fields_and_wrong_types_and_limits(guests: Town) -> None:
    """Each names the field and what was expected; the socket stays open."""
    (alice,) = await guests.online("alice")
    about = {"conversation_id": 1, "content": "x"}
    for type_, fields, code, field in (
        ("dance", {}, "unknown_type", "type"),
        ("send_message", {**about, "colour": "red"}, "invalid_request", "colour"),
        ("send_message", {**about, "content": 7}, "invalid_request", "content"),
        ("send_message", {"content": "x"}, "invalid_request", "conversation_id"),
        ("send_message", {**about, "conversation_client_id": "c"}, "invalid_request",
         "conversation_id"),
        ("send_message", {**about, "content": "x" * 4001}, "invalid_request", "content"),
        ("send_message", {**about, "content": ""}, "invalid_request", "content"),
        ("send_message", {**about, "conversation_id": 2**63}, "invalid_request",
         "conversation_id"),
        ("send_message", {**about, "content": "a\0b"}, "invalid_request", "content"),
        ("update_profile", {"bio": "x" * 501}, "invalid_request", "bio"),
        ("search_users", {"prefix": "x" * 101}, "invalid_request", "prefix"),
        ("get_presence", {"usernames": []}, "invalid_request", "usernames"),
        ("get_presence", {"usernames": ["x"] * 101}, "invalid_request", "usernames"),
        ("create_conversation", {"members": ["x"] * 501}, "invalid_request", "members"),
        ("rename_conversation", {"conversation_id": 1, "name": ""}, "invalid_request", "name"),
    ):  # fmt: skip
        reply = await alice.ask(type_, **fields)
        assert (reply["type"], reply["code"], reply["field"]) == (type_, code, field)
        assert reply["error"].startswith(f"{field}: ")
    assert await alice.do("ping") == "pong"


@pytest.mark.parametrize(
    "content",
    [
        '"\\ud800"', '"\\udc00\\ud800"', "NaN", "Infinity", "1e999", str(2**63), str(10**400),
        '"\\u0000"', '"\x00"', "[" * 9000 + "]" * 9000, '{"a":' * 9000 + "1" + "}" * 9000,
        "[" + ",".join("1" * 30_000) + "]",
    ],
    ids=lambda value: value[:12],
)  # fmt: skip
async def test_values_that_are_no_text(guests: Town, content: str) -> None:
    """Lone surrogates, NaN, huge numbers, U+0000, deep nesting, long lists: one error each."""
    (alice,) = await guests.online("alice")
    await alice.send(SEND % content)
    reply = (await alice.quiet())[-1]
    assert reply["success"] is False
    assert reply["code"] in {"invalid_json", "invalid_request"}
    assert len(reply["error"]) < 300
    assert await alice.do("ping") == "pong"


async def test_a_binary_frame_closes_the_socket(guests: Town) -> None:
    """With 4400 and the reason; what was asked before is answered."""
    (alice,) = await guests.online("alice")
    asked = asyncio.create_task(alice.ask("self"))
    await asyncio.sleep(0)
    await alice.send(b'{"type":"ping"}')
    closed = await alice.wait_closed()
    assert (closed.code, closed.reason) == (
        CloseCode.BAD_FRAME, "expected a text frame, got a binary one",
    )  # fmt: skip
    assert (await asked)["success"] is True


async def test_invalid_utf_8_is_refused(guests: Town) -> None:
    """As no JSON, wherever it stands; the socket stays open."""
    (alice,) = await guests.online("alice")
    for raw in (b"\xff\xfe", b'{"type":"pi\xffng"}', b'{"type":"ping","ref":"\xc3("}'):
        await alice.ws._writer.send_frame(raw, 0x1)
        assert (await alice.next("root"))["code"] == "invalid_json"
    assert await alice.do("ping") == "pong"


async def test_a_frame_over_the_limit_closes_the_socket(guests: Town) -> None:
    """64 KiB are taken, one byte more is closed with 1009; others do not notice."""
    alice, bob = await guests.online("alice", "bob")
    frame = '{"type":"ping"%s}'
    await alice.send(frame % (" " * (64 * 1024 - len(frame) + 2)))
    assert (await alice.next("ping"))["data"] == "pong"
    await alice.send(frame % (" " * (64 * 1024 - len(frame) + 3)))
    assert (await alice.wait_closed()).code == CloseCode.FRAME_TOO_LARGE
    assert await bob.do("ping") == "pong"


async def test_a_list_of_a_hundred_thousand_closes_the_socket(guests: Town) -> None:
    """It is far over the limit of a frame."""
    (alice,) = await guests.online("alice")
    await alice.send({"type": "create_conversation", "members": ["x"] * 100_000})
    assert (await alice.wait_closed()).code == CloseCode.FRAME_TOO_LARGE


async def test_errors_come_in_the_order_of_the_requests(guests: Town) -> None:
    """Writes, reads, and what is no request at all, in flight together."""
    (alice,) = await guests.online("alice")
    id_ = (await alice.do("create_conversation", members=[]))["id"]
    sent: list[Frame] = [
        {"type": "send_message", "conversation_id": id_, "content": "x", "ref": "a"},
        {"type": "nonsense", "ref": "b"},
        {"type": "get_messages", "conversation_id": id_, "ref": "c"},
        {"type": "send_message", "conversation_id": 10**9, "content": "x", "ref": "d"},
        {"type": "ping", "ref": "e"},
    ]
    for frame in sent:
        await alice.send(frame)
    await alice.wait_for(lambda frame: frame.get("ref") == "e")
    replies = [frame for frame in alice.received if frame.get("ref") in list("abcde")]
    assert [frame["ref"] for frame in replies] == list("abcde")
    assert [frame["success"] for frame in replies] == [True, False, True, False, True]
    assert [each["kind"] for each in replies[2]["data"]["messages"]] == ["text", "system"]


junk: Any = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.integers(-(2**70), 2**70),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)  # fmt: skip
plausible: Any = st.none() | st.booleans() | st.integers(-2, 40) | st.text(max_size=4) | st.lists(
    st.text(max_size=4), max_size=3
)  # fmt: skip
FIELDS = sorted({name for kind in REQUESTS.values() for name in kind.__struct_fields__})
requests = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(set(REQUESTS) - {"end_session"}))},
    optional=dict.fromkeys(FIELDS, plausible | junk),
)


@st.composite
def shaped(draw: Callable[[Any], Any]) -> dict[str, Any]:
    """A request with the fields it has, of about the right types."""
    type_ = draw(st.sampled_from(sorted(set(REQUESTS) - {"end_session"})))
    fields = [name for name in REQUESTS[type_].__struct_fields__ if name != "ref"]
    chosen = {name: draw(plausible) for name in fields if draw(st.booleans())}
    return {"type": type_, **chosen}


texts = st.text(max_size=80).map(lambda text: text.encode("utf-8", "surrogatepass"))
anything = st.binary(max_size=200) | texts | (junk | requests | shaped()).map(
    lambda value: json.dumps(value).encode()
)  # fmt: skip


@settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.lists(anything, min_size=10, max_size=40))
async def test_the_server_survives_anything(caller: "Caller", data: list[bytes]) -> None:
    """Each frame has one answer, or the socket closes with a code that is documented."""
    await caller.send_all(data)


class Caller:
    """Somebody who sends nonsense, comes back when turned away, and checks that all is well."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._socket: Socket | None = None

    async def send_all(self, frames: list[bytes]) -> None:
        """Send these as text frames, and be answered a ping after them."""
        if self._socket is None or self._socket.closed is not None:
            self._socket = await self._person.connect()
        socket = self._socket
        before = len(socket.received)
        try:
            for frame in frames:
                await socket.ws._writer.send_frame(frame, 0x1)
            assert await socket.do("ping") == "pong"
        except (Closed, ConnectionError):
            closed = await socket.wait_closed()
            assert closed.code in set(CloseCode)
        answers = [f for f in socket.received[before:] if f.get("code") == "internal_error"]
        assert answers == []


@pytest.fixture
async def caller(guests: SharedTown) -> Caller:
    """One caller for all examples of a test."""
    return Caller(await guests.person("caller"))


async def test_garbage_before_the_handshake(shared: Server) -> None:
    """What is no HTTP at all is refused, and the server goes on."""
    for garbage in (b"\x00" * 100, b"GET /ws\r\n\r\n", b"GET /ws HTTP/1.1\r\n\r\n", b"\xff" * 9000):
        reader, writer = await asyncio.open_connection("localhost", shared.port)
        writer.write(garbage)
        writer.write_eof()
        async with asyncio.timeout(10):
            answer = await reader.read()
        assert answer == b"" or answer.split(b" ")[1].startswith(b"4")
        writer.close()
        await writer.wait_closed()
