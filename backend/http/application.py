"""The application that answers HTTP: each room's routes, and what is around all of them."""

import itertools
from collections.abc import Iterable

from aiohttp import web, web_response

from backend.http.answered import ANSWERED, Answered, counting
from backend.http.context import CONTEXT, context_from
from backend.http.doors import come_in
from backend.http.middleware import answering
from backend.http.routing import Route
from backend.protocol.http.endpoint import MAX_BODY
from backend.settings import Settings

# aiohttp would tell everybody its own version and Python's, also where it answers by itself.
vars(web_response)["SERVER_SOFTWARE"] = "parley"


def application(settings: Settings, *rooms: Iterable[Route]) -> web.Application:
    """Return an application with the routes of these rooms."""
    app = web.Application(middlewares=[counting, come_in, answering], client_max_size=MAX_BODY)
    app[CONTEXT] = context_from(settings)
    app[ANSWERED] = Answered()
    add_routes(app, itertools.chain(*rooms))
    return app


def add_routes(app: web.Application, routes: Iterable[Route]) -> None:
    """Let an application answer more; nothing is answered that is not declared."""
    for endpoint, handler in routes:
        app.add_routes([web.route(endpoint.method, endpoint.pattern, handler)])
