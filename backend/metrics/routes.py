"""GET /metrics, for who asks on this machine; to anybody else there is no such path."""

import ipaddress

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from backend.http.client_address import normal
from backend.http.routing import Route
from backend.metrics.collector import registry_of
from backend.metrics.sources import Sources
from backend.protocol.http.server import METRICS

# whoever passes a request on says so in one of these
PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


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


def is_local(request: web.Request) -> bool:
    """Whether it was sent from this machine to this machine, and not passed on by a proxy.

    The name it was sent to has to be this machine's too: a page that gives its own name our address
    (DNS rebinding) is not let in.
    """
    if any(name in request.headers for name in PASSED_ON):
        return False
    host = request.host.rpartition(":")[0] if ":" in request.host else request.host
    return _is_loopback(request.remote or "") and (
        host == "localhost" or _is_loopback(host.strip("[]"))
    )


def _is_loopback(text: str) -> bool:
    address = normal(text)
    return address is not None and ipaddress.ip_address(address).is_loopback
