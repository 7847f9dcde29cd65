"""What `help`, the docs and AsyncAPI tell comes from the structs, and is complete."""

import msgspec
import pytest

from backend.protocol.base import Request
from backend.protocol.close_codes import CloseCode
from backend.protocol.codec import Codec
from backend.protocol.conversations import CreateConversation
from backend.protocol.errors import MEANING, Code, Refused
from backend.protocol.events import PUSHES, REQUESTS
from backend.protocol.messages import GetMessages, SendMessage
from backend.protocol.search import SearchMessages
from backend.reference.asyncapi import asyncapi
from backend.reference.examples import example
from backend.reference.help import describe, help_data, summaries
from backend.reference.markdown import closing, errors, parts
from backend.reference.structs import structs_told
from backend.settings import Settings, limits_of

LIMITS = limits_of(Settings())


def test_every_request_has_a_line() -> None:
    """`help` names every request, each with one line that ends like a sentence."""
    lines = summaries()
    assert lines.keys() == REQUESTS.keys()
    assert all(line.endswith(".") and "\n" not in line for line in lines.values())


@pytest.mark.parametrize("kind", REQUESTS.values(), ids=REQUESTS)
def test_every_field_is_described(kind: type[Request]) -> None:
    """`help` describes each field of a request but `ref`, which all have."""
    assert ["ref", *describe(kind, LIMITS)] == list(kind.__struct_fields__)


def test_limits_are_told_with_their_setting() -> None:
    """A limit that a setting makes has the number in force and the setting's name."""
    content = describe(SendMessage, LIMITS | {"MAX_MESSAGE_LENGTH": 12})["content"]
    assert not content.required
    assert content.limit == "at most 12 characters (MAX_MESSAGE_LENGTH)"
    assert describe(GetMessages, LIMITS)["limit"].limit == "1 to 100 (MAX_PAGE)"
    assert describe(SearchMessages, LIMITS)["query"].limit == "1 to 256 characters"


def test_defaults_are_told() -> None:
    """A field that may be left out tells what it is then."""
    kind = describe(CreateConversation, LIMITS)["kind"]
    assert (kind.required, kind.default, kind.type) == (False, "group", "direct or group")
    assert describe(SendMessage, LIMITS)["reply_id"].type == "integer or null"


def test_help_about_one_event() -> None:
    """`help` with an event tells that one only, and can be encoded."""
    told = help_data("send_message", LIMITS)
    assert list(told.types) == ["send_message"]
    assert told.fields is not None
    assert msgspec.json.decode(msgspec.json.encode(told))["limits"] == LIMITS


def test_help_about_no_event() -> None:
    """`help` about an event that does not exist is refused, with the field it is about."""
    with pytest.raises(Refused) as caught:
        help_data("sned_message", LIMITS)
    assert (caught.value.code, caught.value.field) == (Code.NOT_FOUND, "event")


@pytest.mark.parametrize("kind", REQUESTS.values(), ids=REQUESTS)
def test_examples_are_requests(kind: type[Request]) -> None:
    """The example of a request is taken by the codec as that request."""
    assert type(Codec(LIMITS).decode(msgspec.json.encode(example(kind)))) is kind


def test_tables_are_complete() -> None:
    """Every close code and every error code stands in its table."""
    assert all(f"| {code:d} |" in closing() for code in CloseCode)
    assert MEANING.keys() == set(Code)
    assert all(f"| `{code}` |" in errors() for code in Code)


def test_the_docs_name_everything() -> None:
    """Every request, push and struct has a heading in the docs."""
    text = "\n".join(parts(LIMITS).values())
    names = [*REQUESTS, *PUSHES, *(kind.__name__ for kind in structs_told())]
    pushes_of_their_own = {kind.__name__ for kind, _ in PUSHES.values()}
    for name in set(names) - pushes_of_their_own:
        assert f"## {name}\n" in text, name


def test_asyncapi_knows_every_frame() -> None:
    """The document has each request with its reply, each push, and the error."""
    document = asyncapi(LIMITS)
    messages = document["components"]["messages"]
    for name, kind in REQUESTS.items():
        assert {name, f"{name}.reply"} <= messages.keys()
        assert document["operations"][name]["reply"]["messages"]
        if kind.GOES_TO and name != "forward_message":
            assert f"{name}.push" in messages
    assert {f"{name}.push" for name in PUSHES} <= messages.keys()
    assert "forward_message.push" not in messages


def test_asyncapi_has_the_limits_of_settings() -> None:
    """A limit that a setting makes stands in the schema as a number, also on an optional field."""
    schemas = asyncapi(LIMITS | {"MAX_NAME_LENGTH": 9})["components"]["schemas"]
    name = schemas["CreateConversation"]["properties"]["name"]
    assert name["anyOf"][0]["maxLength"] == 9
    limit = schemas["GetMessages"]["properties"]["limit"]["anyOf"][0]
    assert limit["maximum"] == LIMITS["MAX_PAGE"]
    assert schemas["AddMembers"]["properties"]["usernames"]["maxItems"] == 500


def test_what_is_told_is_always_there() -> None:
    """A told struct requires every field but the viewer's own part."""
    message = asyncapi(LIMITS)["components"]["schemas"]["Message"]
    assert set(message["properties"]) - set(message["required"]) == {"me"}
