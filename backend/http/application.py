"""The application that answers HTTP: each room's routes, and what is around all of them."""

import itertools
from collections.abc import Iterable

from aiohttp import web, web_response

from backend.http.answered import ANSWERED, Answered, counting
from backend.http.context import CONTEXT, context_from
from backend.http.middleware import answering
from backend.http.routing import Route
from backend.protocol.http.endpoint import MAX_BODY
from backend.settings import Settings

# aiohttp would tell everybody its own version and Python's, also where it answers by itself.
vars(web_response)["SERVER_SOFTWARE"] = "parley"


def application(settings: Settings, *rooms: Iterable[Route]) -> web.Application:
    """Return an application with the routes of these rooms."""
    app = web.Application(middlewares=[counting, answering], client_max_size=MAX_BODY)
    app[CONTEXT] = context_from(settings)
    app[ANSWERED] = Answered()
    add_routes(app, itertools.chain(*rooms))
    return app


def add_routes(app: web.Application, routes: Iterable[Route]) -> None:
    """Let an application answer more; nothing is answered that is not declared.

    Each is answered below the prefix, and without it for a gateway that strips it.
    """
    prefix = app[CONTEXT].prefix
    for endpoint, handler in routes:
        for place in dict.fromkeys(["", prefix]):
            app.add_routes([web.route(endpoint.method, place + endpoint.pattern, handler)])
    if prefix and prefix not in {each.canonical for each in app.router.resources()}:
        app.add_routes([web.get(prefix, _with_slash)])


async def _with_slash(request: web.Request) -> web.Response:
    """Send to where the page's worker keeps it from."""
    raise web.HTTPPermanentRedirect(f"{request.app[CONTEXT].prefix}/")
