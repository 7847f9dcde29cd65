"""Refusals that only HTTP knows, and the status of each."""

from backend.protocol.errors import Code, Refused, Unauthorized

STATUS: dict[Code, int] = {
    Code.INVALID_JSON: 400,
    Code.MISSING_TYPE: 400,
    Code.UNKNOWN_TYPE: 400,
    Code.INVALID_REQUEST: 400,
    Code.FORBIDDEN: 403,
    Code.NOT_FOUND: 404,
    Code.ALREADY_EXISTS: 409,
    Code.CONFLICT: 409,
    Code.TOO_LARGE: 413,
    Code.RATE_LIMITED: 429,
    Code.INTERNAL_ERROR: 500,
    Code.UNAVAILABLE: 503,
}


def login_token_required() -> Unauthorized:
    """The request carries no token."""
    return Unauthorized("login-token required")


def invalid_login_token() -> Unauthorized:
    """The token is not ours, has expired, or its session is over; which, is not told."""
    return Unauthorized("invalid login-token")


def mismatch() -> Unauthorized:
    """No such user, or another password; which, is not told."""
    return Unauthorized("mismatch username and password")


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal."""
    return 401 if isinstance(refused, Unauthorized) else STATUS[refused.code]
