"""Around every route: who may ask, and what becomes of what a handler raises."""

from aiohttp import web
from aiohttp.typedefs import Handler

from backend.http.doors import door_of
from backend.http.errors import restated
from backend.http.origin import PREFLIGHT, answer_headers, check_origin
from backend.http.responses import refusal
from backend.internal_errors import as_refused

READS = frozenset({"GET", "HEAD"})


@web.middleware
async def answering(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a request: every answer, refusals included, has the CORS headers and one shape.

    An answer that fails half way is not followed by another: aiohttp cuts the connection.
    """
    response: web.StreamResponse
    door = door_of(request)
    if door is not None:
        door.asked()
    try:
        if request.method not in READS:
            check_origin(request)
        if _asks_first(request):
            response = web.Response(status=204, headers=PREFLIGHT)
        else:
            response = await handler(request)
    except Exception as error:
        if request.writer.output_size:
            raise
        response = _failure(request, error)
    if not response.prepared:
        for name, value in answer_headers(request).items():
            response.headers.setdefault(name, value)  # files say themselves how long they are good
    return response


def _asks_first(request: web.Request) -> bool:
    """Whether a browser asks if a page may send what it is about to, on a route that there is."""
    is_route = isinstance(request.match_info.http_exception, web.HTTPMethodNotAllowed)
    return request.method == "OPTIONS" and is_route


def _failure(request: web.Request, error: Exception) -> web.StreamResponse:
    if not isinstance(error, web.HTTPException):
        path = request.raw_path.partition("?")[0]  # as it came: no %0A forges a line of the log
        return refusal(request, as_refused(error, f"{request.method} {path}"))
    if error.status < 400:  # aiohttp takes no exception as an answer
        return web.Response(status=error.status, headers=error.headers)
    response = refusal(request, restated(error), error.status)
    ours = response.headers.keys()
    response.headers.extend((k, v) for k, v in error.headers.items() if k not in ours)
    return response
