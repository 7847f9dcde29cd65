"""The one tree of refusals, and the closed list of codes.

    Refused            a request that is not carried out; one error frame or HTTP answer
    ├── Unauthorized   nobody is logged in by what the request carries (HTTP 401, close code 4401)
    └── BadFrame       a frame that could not be read as a request: carries the type and ref to echo

Everything else that goes wrong is a fault of ours: logged in full, told as `internal_error`.
"""

from enum import StrEnum


class Code(StrEnum):
    """Stable codes of errors; the text may change, these do not."""

    INVALID_JSON = "invalid_json"
    MISSING_TYPE = "missing_type"
    UNKNOWN_TYPE = "unknown_type"
    INVALID_REQUEST = "invalid_request"
    NOT_FOUND = "not_found"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    ALREADY_EXISTS = "already_exists"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    INTERNAL_ERROR = "internal_error"


# For docs/protocol.md: the meaning, and whether the same request can succeed later.
MEANING: dict[Code, tuple[str, bool]] = {
    Code.INVALID_JSON: ("the frame is not a JSON object in UTF-8", False),
    Code.MISSING_TYPE: ("the object has no `type`", False),
    Code.UNKNOWN_TYPE: ("no request has this `type`", False),
    Code.INVALID_REQUEST: ("`field` is missing, unknown, of a wrong type or over its limit", False),
    Code.NOT_FOUND: ("it does not exist, or not for this user", False),
    Code.UNAUTHORIZED: ("nobody is logged in by what the request carries; over HTTP only", False),
    Code.FORBIDDEN: ("it exists, and this user may not do that", False),
    Code.ALREADY_EXISTS: ("what was to be made is there already", False),
    Code.CONFLICT: ("the `client_id` was used for something else", False),
    Code.TOO_LARGE: ("one more would go over a limit", False),
    Code.RATE_LIMITED: ("too many requests; again after `retry_after_ms`", True),
    Code.UNAVAILABLE: ("the database cannot take it now", True),
    Code.INTERNAL_ERROR: ("a fault of the server's; the reference is in its log", True),
}


class Refused(Exception):
    """A request that is answered with an error.

    `code` is one of Code, `text` a sentence for people, `field` the field of the request it is
    about, `retry_after_ms` only with RATE_LIMITED.
    """

    def __init__(
        self, code: Code, text: str, field: str | None = None, retry_after_ms: int | None = None
    ) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.field = field
        self.retry_after_ms = retry_after_ms


class Unauthorized(Refused):
    """Nobody is logged in by what the request carries."""

    def __init__(self, text: str) -> None:
        super().__init__(Code.UNAUTHORIZED, text)


class BadFrame(Refused):
    """A frame that is not a request; `type` and `ref` are what could be made out of it."""

    def __init__(
        self,
        code: Code,
        text: str,
        field: str | None = None,
        *,
        type_: str = "root",
        ref: str | int | None = None,
    ) -> None:
        super().__init__(code, text, field)
        self.type = type_
        self.ref = ref
