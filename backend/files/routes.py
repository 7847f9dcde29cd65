"""Files over HTTP: which request is answered by what."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from backend.files import download, tus
from backend.files.links import link
from backend.files.services import Files
from backend.files.upload import upload

Handler = Callable[[Files, web.Request], Awaitable[web.StreamResponse]]

ID = r"{id:[1-9]\d{0,15}}"
ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/files", upload),
    ("OPTIONS", "/files/tus", tus.options),
    ("POST", "/files/tus", tus.create),
    ("OPTIONS", "/files/tus/{upload}", tus.options),
    ("HEAD", "/files/tus/{upload}", tus.head),
    ("PATCH", "/files/tus/{upload}", tus.patch),
    ("POST", f"/files/{ID}/link", link),
    ("GET", f"/files/{ID}/{{name}}", download.file),
    ("GET", f"/thumbnails/{ID}", download.thumbnail),
    ("GET", f"/avatars/{ID}/{{side:512|96}}", download.avatar),
)


def routes(files: Files) -> list[web.RouteDef]:
    """Return the routes, answered with these services."""
    return [web.route(method, path, partial(run, files)) for method, path, run in ROUTES]
