"""The address a request comes from."""

import ipaddress
from functools import lru_cache

from aiohttp import web

from backend.http.context import CONTEXT, Proxies

LONGEST = 64  # an IPv6 address with the name of an interface
REMEMBERED = 4096  # one is looked at several times as somebody comes in
UNKNOWN = "unknown"  # a peer without an address, such as a Unix socket


def client_address(request: web.Request) -> str:
    """The peer's address, or the one a trusted proxy says it forwards for.

    X-Forwarded-For is read from the right, because each proxy adds the peer it sees at the end:
    the first address that is no trusted proxy is the client, what stands left of it is hearsay.
    """
    proxies = request.app[CONTEXT].proxies
    address = normal(request.remote or "")
    hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    while address is not None and is_trusted(address, proxies) and hops:
        before = normal(hops.pop())
        if before is None:
            break
        address = before
    return address or UNKNOWN


@lru_cache(REMEMBERED)
def network_of(address: str) -> str:
    """What is counted as one place: an IPv4 address, or the /64 that an IPv6 line is given."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


def normal(text: str) -> str | None:
    """An address in its one spelling (IPv4 within IPv6 as IPv4); None for anything else."""
    return _normal(text) if len(text) <= LONGEST else None


@lru_cache(REMEMBERED)
def _normal(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


def is_trusted(address: str, proxies: Proxies) -> bool:
    """Whether an address is one of a proxy's."""
    if not proxies:
        return False
    parsed = ipaddress.ip_address(address)
    return any(parsed in network for network in proxies)
