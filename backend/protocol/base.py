"""What every request is made of: the base struct and the constrained types of its fields."""

from functools import cache
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

PROTOCOL_VERSION = 1
MAX_INTEGER = 2**53 - 1  # what a JavaScript number holds exactly
NAMES_PER_REQUEST = 10


class Limit(msgspec.Struct, frozen=True):
    """A setting bounds this field: the length of text or a list, or the value of a number."""

    setting: str


Ref = Annotated[str, Meta(max_length=64)] | Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
Id = Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
Position = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
Seconds = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
Username = Annotated[str, Meta(min_length=1, max_length=64)]
ClientId = Annotated[str, Meta(min_length=1, max_length=64)]
Name = Annotated[str, Meta(min_length=1), Limit("MAX_NAME_LENGTH")]
Text = Annotated[str, Limit("MAX_MESSAGE_LENGTH")]
FileIds = Annotated[list[Id], Limit("MAX_FILES_PER_MESSAGE")]
Page = Annotated[int, Meta(ge=1), Limit("MAX_PAGE")]
Usernames = Annotated[list[Username], Limit("MAX_MEMBERS_PER_REQUEST")]


class Request(
    msgspec.Struct,
    tag_field="type",
    forbid_unknown_fields=True,
    frozen=True,
    kw_only=True,
    gc=False,
):
    """A frame from a client: flat, tagged by its `type`, with an optional `ref` that is echoed."""

    DATA: ClassVar[object] = None
    """The type of the reply's `data`, and of the push's."""
    REPLY_FIELDS: ClassVar[dict[str, str]] = {}
    """What may stand beside `data` in the reply, and what it says."""
    GOES_TO: ClassVar[str] = ""
    """Who is sent a push when it is carried out; empty for a request that changes nothing."""
    NAMES: ClassVar[str | None] = None
    """The field with the names of people, if it takes any number of them."""

    ref: Ref | None = None

    def cost(self) -> float:
        """How many requests it counts as: one, and one more for every ten people it names."""
        return 1 + len(getattr(self, self.NAMES)) / NAMES_PER_REQUEST if self.NAMES else 1


@cache
def type_of(request: type[Request]) -> str:
    """The `type` that names a request on the wire."""
    tag = request.__struct_config__.tag
    assert isinstance(tag, str), request
    return tag
