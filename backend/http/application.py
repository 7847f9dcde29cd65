"""The application that answers HTTP: each room's routes, and what is around all of them."""

from collections.abc import Iterable

from aiohttp import web, web_response

from backend.http.answered import ANSWERED, Answered, counting
from backend.http.body import MAX_BODY
from backend.http.context import CONTEXT, context_from
from backend.http.doors import come_in
from backend.http.middleware import answering
from backend.settings import Settings

# aiohttp would tell everybody its own version and Python's, also where it answers by itself.
vars(web_response)["SERVER_SOFTWARE"] = "parley"


def application(settings: Settings, *rooms: Iterable[web.AbstractRouteDef]) -> web.Application:
    """Return an application with the routes of these rooms."""
    app = web.Application(middlewares=[counting, come_in, answering], client_max_size=MAX_BODY)
    app[CONTEXT] = context_from(settings)
    app[ANSWERED] = Answered()
    for routes in rooms:
        app.add_routes(routes)
    return app
