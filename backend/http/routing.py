"""A route: its declaration, and who answers it."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from aiohttp import web

from backend.protocol.http.endpoint import Endpoint

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Route(NamedTuple):
    """What a room gives the application: there is no other way to be asked anything."""

    endpoint: Endpoint
    handler: Handler
