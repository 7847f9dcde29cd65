"""Requests about the connection itself: ping, self, help."""

from typing import Any, ClassVar, Literal

from backend.protocol.base import Request
from backend.protocol.models import SelfUser, Thing

Status = Literal["start", "ok", "reset"]
Reason = Literal["too_old", "too_many", "unknown"]


class Ping(Request, tag="ping", frozen=True, kw_only=True):
    """Answer `pong`, with the current cursor, so that a quiet client's does not age."""

    DATA: ClassVar[object] = str


class Self(Request, tag="self", frozen=True, kw_only=True):
    """Tell about the connected user."""

    DATA: ClassVar[object] = SelfUser


class FieldHelp(Thing, frozen=True):
    """One field of a request; `limit` is in words, with the setting that sets it."""

    type: str
    required: bool
    default: str | int | bool | None
    limit: str | None


class HelpData(Thing, frozen=True):
    """All requests with a line each; or one, with its fields. `limits` are the server's numbers.

    `writes` are the requests that change something: their replies and pushes make the state.
    If asked for there is JSON Schema: of the `data` of `replies` and `pushes` by their type, and
    in `schemas` of the requests and of every struct, by its name.
    """

    types: dict[str, str]
    fields: dict[str, FieldHelp] | None
    limits: dict[str, int]
    writes: tuple[str, ...]
    replies: dict[str, Any] | None
    pushes: dict[str, Any] | None
    schemas: dict[str, Any] | None


class Help(Request, tag="help", frozen=True, kw_only=True):
    """List the events, or describe one (`event`); with `schemas` as JSON Schema too."""

    DATA: ClassVar[object] = HelpData
    event: str | None = None
    schemas: bool = False


class ResumeData(Thing, frozen=True):
    """The first frame of a socket opened with `cursor`; `reason` says why it is a `reset`."""

    status: Status
    reason: Reason | None
    cursor: str
    at: int
    server_time_ms: int
    session_expires_at: int
    protocol: int
    types: tuple[str, ...]
    limits: dict[str, int]
    self: SelfUser
    online: tuple[str, ...]


class ResumedData(Thing, frozen=True):
    """Everything missed has been sent; `events` is how many that were."""

    events: int


class DrainingData(Thing, frozen=True):
    """The server is going down; come back after this many milliseconds, different for each."""

    reconnect_after_ms: int
