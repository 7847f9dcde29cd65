"""POST /files/{id}/link: addresses that work without a cookie, for pages that keep their token."""

from urllib.parse import quote

from aiohttp import web

from backend.files.download import audience, readable
from backend.files.services import Files
from backend.http.responses import answer
from backend.protocol.http.files import LINK, Link
from backend.views.file import attachment

LINK_SECONDS = 300


async def link(files: Files, request: web.Request) -> web.Response:
    """Give addresses of a file that work for five minutes, for who may see it just as long."""
    row = await readable(files, request)
    identity = await files.identities.identify(request)
    token = quote(files.tokens.sign(identity, audience=audience(row.id), ttl=LINK_SECONDS))
    told = attachment(row)
    thumbnail = f"{told.thumbnail}?token={token}" if told.thumbnail else None
    found = Link(f"{told.url}?token={token}", thumbnail, LINK_SECONDS)
    return answer(request, LINK.ok, found)
