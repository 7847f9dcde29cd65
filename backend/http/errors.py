"""Refusals as HTTP knows them: the status of each, and aiohttp's own."""

from aiohttp import web

from backend.protocol.errors import Code, Refused

CODE = {404: Code.NOT_FOUND, 413: Code.TOO_LARGE}  # anything else of aiohttp's: invalid_request


def restated(error: web.HTTPException) -> Refused:
    """What aiohttp refuses by itself (no such path, another method), as a refusal like ours."""
    text = (error.text or error.reason).removeprefix(f"{error.status}: ")
    return Refused(CODE.get(error.status, Code.INVALID_REQUEST), text)
