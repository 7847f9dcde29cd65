"""Refusals as HTTP knows them: the status of each, and aiohttp's own."""

from aiohttp import web

from backend.protocol.errors import Code, Refused

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


CODE = {404: Code.NOT_FOUND, 413: Code.TOO_LARGE}  # anything else of aiohttp's: invalid_request


def status_of(refused: Refused) -> int:
    """The HTTP status of a refusal."""
    return STATUS[refused.code]


def restated(error: web.HTTPException) -> Refused:
    """What aiohttp refuses by itself (no such path, another method), as a refusal like ours."""
    text = (error.text or error.reason).removeprefix(f"{error.status}: ")
    return Refused(CODE.get(error.status, Code.INVALID_REQUEST), text)
