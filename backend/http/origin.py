"""Which pages may use a browser's cookies here, and the CORS headers that let them.

A page's requests carry its `Origin`, which the page cannot change. Programs such as curl send
none, and have no cookies that somebody else could make them use.
"""

import re

from aiohttp import web

from backend.http.client_address import is_trusted, normal
from backend.http.context import CONTEXT, Context
from backend.logs import Journal
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

# What answers that are no page may do in a browser: nothing.
ANSWER_POLICY = "default-src 'none'; frame-ancestors 'none'"

journal = Journal("parley.http")


def is_our_page(origin: str, address: str, context: Context) -> bool:
    """Whether a page of this `Origin` may use cookies and tokens at this address of ours.

    It may if it is listed, or has the very address (scheme, host and port) that it asks, by a host
    that is ours. The host is compared because whoever owns another name can let it point here; an
    IP address nobody can. `null` (sandboxed frames, files) never may.
    """
    origin = origin.lower()
    if origin in context.origins:
        return True
    match = re.fullmatch(r"https?://(\[[0-9a-f:.]+\]|[^/\s:@\[\]]+)(:\d+)?", origin)
    return match is not None and origin == address.lower() and _is_ours(match[1], context.hosts)


def check_origin(request: web.Request) -> None:
    """Raises Refused (forbidden), naming the origin, when it is not allowed.

    Where there is none, browsers still say whether another site has made them ask (W3C: Fetch
    Metadata).
    """
    origin, address = request.headers.get("Origin"), address_asked(request)
    if origin is not None and not is_our_page(origin, address, request.app[CONTEXT]):
        refused = f"origin {origin!a} is not allowed"
        if origin.lower() == address.lower():  # our own page, or one that has its name point here
            refused += ": its host is not in ALLOWED_HOSTS"
            journal.warning("host_not_allowed", "%(refused)s", refused=refused)
        raise Refused(Code.FORBIDDEN, refused)
    if origin is None and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Refused(Code.FORBIDDEN, "requests that another site makes are not allowed")


def answer_headers(request: web.Request) -> dict[str, str]:
    """The headers of every answer: they let an allowed page read it, cookies included (CORS).

    The others keep a browser from taking it for a page.
    """
    headers = {
        "Vary": "Origin",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Content-Security-Policy": ANSWER_POLICY,
    }
    origin = request.headers.get("Origin")
    if origin is not None and is_our_page(origin, address_asked(request), request.app[CONTEXT]):
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Allow-Credentials"] = "true"
        headers["Access-Control-Expose-Headers"] = EXPOSED
    return headers


def address_asked(request: web.Request) -> str:
    """What the browser has asked, as an origin: a trusted proxy says by which scheme."""
    scheme = "http"
    peer = normal(request.remote or "")
    if peer is not None and is_trusted(peer, request.app[CONTEXT].proxies):
        scheme = request.headers.get("X-Forwarded-Proto", scheme).rpartition(",")[2].strip()
    return f"{scheme}://{request.headers.get('Host', '')}"


def _is_ours(host: str, hosts: frozenset[str]) -> bool:
    return host in hosts or normal(host.strip("[]")) is not None
