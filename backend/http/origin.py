"""Which pages may use a browser's cookies here, and the CORS headers that let them.

A page's requests carry its `Origin`, which the page cannot change. Programs such as curl send
none, and have no cookies that somebody else could make them use.
"""

import re

from aiohttp import web

from backend.http.context import CONTEXT
from backend.protocol.errors import Code, Refused

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PATCH",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Range, Tus-Resumable,"
    " Upload-Length, Upload-Metadata, Upload-Offset",
    "Access-Control-Max-Age": "600",
}
EXPOSED = (
    "Retry-After, Location, ETag, Content-Range, Tus-Resumable, Upload-Length, Upload-Offset,"
    " Upload-Expires, File-Id"
)


def origin_allowed(origin: str | None, host: str, allowed: frozenset[str]) -> bool:
    """Whether a request with this `Origin` may use cookies and tokens at this `Host`.

    No origin is not a page; the same host, or one of `allowed`, is a page of ours. `null`
    (sandboxed frames, files) never is.
    """
    if origin is None:
        return True
    if origin.lower() in allowed:
        return True
    match = re.fullmatch(r"https?://([^/\s]+)", origin.lower())
    return match is not None and match[1] == host.lower()


def check_origin(request: web.Request) -> None:
    """Raises Refused (forbidden), naming the origin, when it is not allowed."""
    origin = request.headers.get("Origin")
    if not _is_ours(request, origin):
        raise Refused(Code.FORBIDDEN, f"origin {origin!a} is not allowed")


def answer_headers(request: web.Request) -> dict[str, str]:
    """The headers of every answer: they let an allowed page read it, cookies included (CORS)."""
    headers = {"Vary": "Origin", "Cache-Control": "no-store"}
    origin = request.headers.get("Origin")
    if origin is not None and _is_ours(request, origin):
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Allow-Credentials"] = "true"
        headers["Access-Control-Expose-Headers"] = EXPOSED
    return headers


def _is_ours(request: web.Request, origin: str | None) -> bool:
    return origin_allowed(origin, request.headers.get("Host", ""), request.app[CONTEXT].origins)
