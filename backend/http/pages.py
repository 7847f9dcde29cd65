"""The pages at / and /inspect and their files: read once, sent compressed, checked by hash."""

import functools
import gzip
import hashlib
from functools import partial
from pathlib import Path

from aiohttp import web

from backend.http.context import CONTEXT
from backend.http.routing import Route
from backend.protocol.http import pages as declared

DOCS = "docs/"  # has routes of its own, that can be taken away
WEB = Path(__file__).parents[1] / "web"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ts": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}
# Nothing from elsewhere runs or is shown, and no text becomes script (W3C: CSP 3, Trusted Types).
POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types parley"
)
HEADERS = {
    "Cache-Control": "no-cache",  # asked for each time, and 304 while it is the same
    "Vary": "Origin, Accept, Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": POLICY,
}


class File:
    """A file as it is sent; `etag` is made from its bytes."""

    def __init__(self, plain: bytes, content_type: str) -> None:
        self.plain = plain
        self.packed = gzip.compress(plain, 9, mtime=0)
        self.etag = hashlib.sha256(plain).hexdigest()[:32]
        self.content_type = content_type


@functools.cache
def files() -> dict[str, File]:
    """Every file under backend/web that has a type, by its path from there."""
    paths = (path for path in WEB.rglob("*") if path.suffix in TYPES)
    return {
        path.relative_to(WEB).as_posix(): File(path.read_bytes(), TYPES[path.suffix])
        for path in paths
    }


@functools.cache
def _front(prefix: str) -> File:
    """The page; its files are named from the top, as it may be asked for without a slash."""
    page = files()["index.html"]
    below = page.plain.replace(b'"/web/', f'"{prefix}/web/'.encode())
    return File(below, page.content_type)


def wants_page(request: web.Request) -> bool:
    """Whether a browser asks for something to look at."""
    return "text/html" in request.headers.get("Accept", "")


async def front(request: web.Request) -> web.Response:
    """The page."""
    return sent(request, _front(request.app[CONTEXT].prefix))


async def inspector(request: web.Request) -> web.Response:
    """The page for whoever writes a client."""
    return sent(request, files()["inspect/index.html"])


async def part(folder: str, request: web.Request) -> web.Response:
    """A file of the page (/web/…) or of the client library (/sdk/…); raises HTTPNotFound."""
    path = folder + request.match_info["path"]
    found = files().get(path)
    if found is None or path.startswith(DOCS):
        raise web.HTTPNotFound
    return sent(request, found)


def routes() -> list[Route]:
    """The routes of the files."""
    return [
        Route(declared.INSPECTOR, inspector),
        Route(declared.PAGE_FILE, partial(part, "")),
        Route(declared.SDK_FILE, partial(part, "sdk/")),
    ]


def sent(request: web.Request, file: File) -> web.Response:
    """The answer with a file, or that it is the one the browser has."""
    response = web.Response(headers=HEADERS)
    response.headers["Service-Worker-Allowed"] = f"{request.app[CONTEXT].prefix}/"
    response.etag = file.etag
    known = request.if_none_match or ()
    if any(tag.value in {file.etag, "*"} for tag in known):
        response.set_status(304)
        return response
    response.headers["Content-Type"] = file.content_type
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response.body = file.packed if packed else file.plain
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response
