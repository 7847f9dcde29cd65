"""Whether who asks is on this very machine."""

import ipaddress

from aiohttp import web

from backend.http.client_address import normal

# whoever passes a request on says so in one of these
PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


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
