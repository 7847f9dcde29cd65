"""The table, the union and the structs name the same things."""

from typing import get_args

import msgspec
import pytest

from backend.handlers.base import Instant, Read, Write
from backend.handlers.table import HANDLERS
from backend.protocol.base import Request, type_of
from backend.protocol.close_codes import CloseCode
from backend.protocol.codec import bounds_of
from backend.protocol.errors import MEANING, Code
from backend.protocol.events import PUSHED_AS, PUSHES, REQUESTS, AnyRequest
from backend.protocol.models import Thing
from backend.reference.structs import pushed, structs_told
from backend.settings import LIMITS, Settings, limits_of


def test_every_request_has_a_handler_and_every_handler_a_request() -> None:
    """The dispatch table and the union name the same events."""
    assert set(HANDLERS) == set(get_args(AnyRequest)) == set(REQUESTS.values())
    assert all(type_of(kind) == name for name, kind in REQUESTS.items())


@pytest.mark.parametrize("kind", REQUESTS.values(), ids=REQUESTS)
def test_every_request_is_complete(kind: type[Request]) -> None:
    """It says what comes back, who else is told, and is strict about its fields."""
    handler = HANDLERS[kind]
    assert kind.DATA is not None
    assert kind.__doc__
    assert kind.__struct_config__.forbid_unknown_fields
    assert kind.__struct_config__.frozen
    assert kind.__struct_fields__[0] == "ref"
    assert isinstance(handler, Write) or not kind.GOES_TO or type_of(kind) == "typing"
    assert isinstance(handler, Read | Write | Instant)
    msgspec.json.Decoder(kind.DATA)


def test_requests_and_pushes_are_told_apart() -> None:
    """No push has the name of a request; renamed pushes are of requests there are."""
    assert not PUSHES.keys() & REQUESTS.keys()
    assert PUSHED_AS.keys() <= REQUESTS.keys()
    assert {type_ for type_, _ in PUSHED_AS.values()} <= pushed().keys()


@pytest.mark.parametrize("struct", structs_told())
def test_what_is_told_hides_nothing_when_empty(struct: type[Thing]) -> None:
    """Fields are always there, but for `me`, which is for the viewer only."""
    assert not struct.__struct_config__.omit_defaults
    optional = {
        field.name for field in msgspec.structs.fields(struct) if field.default is msgspec.UNSET
    }
    assert optional <= {"me"}


def test_every_limit_is_a_setting() -> None:
    """And every limit a request has is told by `help`."""
    limits = limits_of(Settings())
    assert tuple(limits) == (*LIMITS, "RATE_LIMIT", "RATE_BURST")
    for kind in REQUESTS.values():
        bounds_of(kind, limits)


def test_every_code_has_its_meaning() -> None:
    """Of errors and of closing."""
    assert set(MEANING) == set(Code)
    assert all(code.meaning and code.client for code in CloseCode)
