"""How requests over HTTP went, counted around every route."""

from collections import Counter
from time import perf_counter

from aiohttp import web
from aiohttp.typedefs import Handler

from backend.http.context import CONTEXT
from backend.instruments import Histogram

Kind = tuple[str, str, int]


class Answered:
    """Requests by method, route and status; how long each route took to answer.

    A route is its pattern and not the path, so that nobody can make up more of them.
    """

    def __init__(self) -> None:
        self.statuses: Counter[Kind] = Counter()
        self.seconds: dict[str, Histogram] = {}

    def count(self, request: web.Request, status: int, seconds: float | None) -> None:
        """Count an answer; a socket's life is no time to answer: None."""
        resource = request.match_info.route.resource
        prefix = request.app[CONTEXT].prefix
        route = resource.canonical.removeprefix(prefix) if resource is not None else "none"
        self.statuses[request.match_info.route.method, route, status] += 1
        if seconds is not None:
            self.seconds.setdefault(route, Histogram()).add(seconds)


ANSWERED = web.AppKey("ANSWERED", Answered)


@web.middleware
async def counting(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count an answer once it is made; one that is cut off in the middle counts as 500."""
    since, status, is_socket = perf_counter(), 500, False
    try:
        response = await handler(request)
        status, is_socket = response.status, isinstance(response, web.WebSocketResponse)
        return response
    finally:
        took = None if is_socket else perf_counter() - since
        request.app[ANSWERED].count(request, status, took)
