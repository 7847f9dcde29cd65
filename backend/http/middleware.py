"""Around every handler: who may ask, and what becomes of what it raises."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from backend.accounts.services import Services
from backend.http.origin import PREFLIGHT, answer_headers, check_origin
from backend.http.responses import refusal
from backend.internal_errors import as_refused

Handler = Callable[[Services, web.Request], Awaitable[web.StreamResponse]]
Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


def bounded(services: Services, handler: Handler) -> Answering:
    """The handler as aiohttp calls it: every answer, refusals included, has the CORS headers."""

    async def answering(request: web.Request) -> web.StreamResponse:
        response = await _answer(services, handler, request)
        if not response.prepared:
            response.headers.update(answer_headers(request, services.origins))
        return response

    return answering


async def preflight(services: Services, request: web.Request) -> web.Response:
    """Tell a browser whether a page of that origin may send what it is about to."""
    check_origin(request, services.origins)
    return web.Response(status=204, headers=PREFLIGHT)


async def _answer(services: Services, handler: Handler, request: web.Request) -> web.StreamResponse:
    try:
        if request.method == "POST":
            check_origin(request, services.origins)
        return await handler(services, request)
    except Exception as error:
        return refusal(request, as_refused(error, f"{request.method} {request.path}"))
