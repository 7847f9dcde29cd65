"""/docs: the references, as a page and for programs; DOCS=off takes them away."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from backend.http.pages import File, files, sent
from backend.http.routing import Handler, Route
from backend.protocol.http import docs
from backend.reference.asyncapi import asyncapi
from backend.reference.openapi import openapi
from backend.reference.schemas import Json, as_text
from backend.settings import Settings, limits_of

JSON = "application/json"


def routes(settings: Settings) -> list[Route]:
    """The routes; none where the settings say so."""
    if settings.docs == "off":
        return []
    limits = limits_of(settings)
    return [
        Route(docs.READ, _file("docs/index.html")),
        Route(docs.STYLE, _file("docs/docs.css")),
        Route(docs.OPENAPI, _document(lambda: openapi(limits, settings.api_prefix or "/"))),
        Route(docs.ASYNCAPI, _document(lambda: asyncapi(limits, settings.api_prefix))),
        Route(docs.TYPES, _file("sdk/wire.d.ts")),
    ]


def _file(path: str) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        return sent(request, files()[path])

    return answer


def _document(make: Callable[[], Json]) -> Handler:
    """Answer with a document that is made when somebody first asks, beside the event loop."""
    made: list[File] = []

    async def answer(request: web.Request) -> web.Response:
        if not made:
            made.append(await asyncio.to_thread(lambda: File(as_text(make()).encode(), JSON)))
        return sent(request, made[0])

    return answer
