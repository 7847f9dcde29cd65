"""What every answer over HTTP depends on: the pages that are ours, the proxies that are trusted."""

import ipaddress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from aiohttp import web

from backend.settings import Settings

Proxies = tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What is ours: pages by their origins, hosts by their names, networks of proxies.

    Origins and names are in small letters, names without ports. `prefix` is the path that browsers
    know us below, empty or such as `/chat`.
    """

    origins: frozenset[str]
    hosts: frozenset[str]
    proxies: Proxies
    prefix: str
    is_dev: bool = False


CONTEXT = web.AppKey("CONTEXT", Context)


def context_from(settings: Settings) -> Context:
    """Return the context that the settings ask for."""
    origins = frozenset(origin.lower() for origin in settings.cors_allow_origin)
    hosts = settings.allowed_hosts or (settings.host, *map(_host_of, origins))
    return Context(
        origins=origins,
        hosts=frozenset(host.lower() for host in hosts),
        proxies=tuple(ipaddress.ip_network(text) for text in settings.trusted_proxies),
        prefix=settings.api_prefix,
        is_dev=settings.dev,
    )


def _host_of(origin: str) -> str:
    return origin.partition("://")[2].partition(":")[0]
