"""GET /metrics, for who asks on this machine; to anybody else there is no such path."""

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from backend.http.local import is_local
from backend.http.routing import Route
from backend.metrics.collector import registry_of
from backend.metrics.sources import Sources
from backend.protocol.http.server import METRICS


def routes(sources: Sources) -> list[Route]:
    """Return the route, answered from these sources."""
    registry = registry_of(sources)

    async def metrics(request: web.Request) -> web.Response:
        """Tell every figure, as Prometheus reads it."""
        return await _metrics(sources, registry, request)

    return [Route(METRICS, metrics)]


async def _metrics(
    sources: Sources, registry: CollectorRegistry, request: web.Request
) -> web.Response:
    if not is_local(request):
        raise web.HTTPNotFound
    await sources.refresh()
    body = generate_latest(registry)
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})
