"""A route as data: what it takes, what it answers, what it refuses and whom.

The router takes a route only with its declaration; docs/http.md and OpenAPI are made from it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from backend.protocol.errors import Code
from backend.protocol.models import Thing

MAX_BODY = 64 * 1024  # bytes of a JSON body

STATUS: dict[Code, int] = {
    Code.INVALID_JSON: 400,
    Code.MISSING_TYPE: 400,
    Code.UNKNOWN_TYPE: 400,
    Code.INVALID_REQUEST: 400,
    Code.UNAUTHORIZED: 401,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.CONFLICT: 409,
    Code.TOO_LARGE: 413,
    Code.RATE_LIMITED: 429,
    Code.INTERNAL_ERROR: 500,
    Code.UNAVAILABLE: 503,
}


Method = Literal["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]


class Failure(Thing, frozen=True, kw_only=True):
    """Why a request was refused. `field` is the field of the request it is about;
    `retry_after_ms` is there with `rate_limited` only.
    """

    error: str
    code: Code
    field: str | UnsetType = UNSET
    retry_after_ms: int | UnsetType = UNSET


class Done(Thing, frozen=True):
    """What an answer that is only a text is for who asks for JSON."""

    message: str


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what is sent: fields of text, of which those without a default are required."""


class Who(StrEnum):
    """Who may ask."""

    ANYBODY = "anybody"
    LOGGED_IN = "who is logged in"
    LINKED = "who is logged in, or has a link to this file"
    REFRESHING = "who has a refresh token"


class Parameter(NamedTuple):
    """Something small beside the body; `kind` is its type, `pattern` what the router takes."""

    name: str
    place: Literal["path", "query", "header"]
    says: str
    kind: object = str
    required: bool = False
    pattern: str = "[^{}/]+"


class Content(NamedTuple):
    """A body: JSON or a form has fields, maybe one of several sets; anything else is bytes."""

    media: str
    fields: tuple[type[Body], ...] = ()


class Answer(NamedTuple):
    """An answer: `text` for people, `data` for who asks for JSON, or only one of the two.

    A `text` may name fields of the data in braces. Of what is neither, `media` says the types.
    """

    status: int
    says: str = ""
    text: str | None = None
    data: type[Thing] | None = None
    media: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


class Problem(NamedTuple):
    """A refusal: its code, and when; the status is its code's, unless there is a closer one."""

    code: Code
    when: str
    instead: int | None = None

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.instead or STATUS[self.code]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Endpoint:
    """One route.

    `says` is a line, then maybe more; `example` a command that does it. `sets` and `clears` are
    names of cookies. `reads_database` is false for what is answered without.
    """

    name: str
    method: Method
    path: str
    says: str
    answers: tuple[Answer, ...]
    example: str = ""
    who: Who = Who.ANYBODY
    parameters: tuple[Parameter, ...] = ()
    body: tuple[Content, ...] = ()
    problems: tuple[Problem, ...] = ()
    sets: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    reads_database: bool = True

    @property
    def ok(self) -> Answer:
        """The answer when all is well."""
        return self.answers[0]

    @property
    def pattern(self) -> str:
        """The path as the router takes it, with the pattern of each parameter."""
        patterns = {each.name: each.pattern for each in self.parameters if each.place == "path"}
        return re.sub(r"{(\w+)}", lambda match: f"{{{match[1]}:{patterns[match[1]]}}}", self.path)

    @property
    def refusals(self) -> Sequence[Problem]:
        """Every refusal: its own, and those that come with what it takes and whom."""
        implied = []
        if any(each.media == "application/json" for each in self.body):
            implied = [
                Problem(Code.INVALID_JSON, "the body is not a JSON object in UTF-8"),
                Problem(Code.INVALID_REQUEST, "a field is missing, empty or no string"),
                Problem(Code.TOO_LARGE, f"the body is larger than {MAX_BODY} bytes"),
            ]
        if self.who is not Who.ANYBODY:
            implied.append(Problem(Code.UNAUTHORIZED, "no token, or it is not good any more"))
        if self.who is not Who.ANYBODY or self.method in {"PATCH", "POST"}:
            implied.append(Problem(Code.FORBIDDEN, "a page of another origin asks"))
        own = [*self.problems]
        if self.reads_database:
            own.append(Problem(Code.UNAVAILABLE, "the database cannot take it now"))
        own.append(Problem(Code.INTERNAL_ERROR, "a fault of the server's"))
        return [*implied, *own]
