"""Files over HTTP: which request is answered by what."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from backend.files import download, tus
from backend.files.links import link
from backend.files.services import Files
from backend.files.upload import upload
from backend.http.routing import Route
from backend.protocol.http import files as declared
from backend.protocol.http import tus as parts
from backend.protocol.http.endpoint import Endpoint

Handler = Callable[[Files, web.Request], Awaitable[web.StreamResponse]]

HANDLERS: dict[Endpoint, Handler] = {
    declared.UPLOAD: upload,
    parts.ABOUT: tus.options,
    parts.CREATE: tus.create,
    parts.ABOUT_UPLOAD: tus.options,
    parts.STATUS: tus.head,
    parts.PART: tus.patch,
    declared.LINK: link,
    declared.READ_FILE: download.file,
    declared.READ_THUMBNAIL: download.thumbnail,
    declared.READ_AVATAR: download.avatar,
}


def routes(files: Files) -> list[Route]:
    """Return the routes, answered with these services."""
    return [Route(endpoint, partial(run, files)) for endpoint, run in HANDLERS.items()]
