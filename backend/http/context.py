"""What every answer over HTTP depends on: the pages that are ours, the proxies that are trusted."""

import ipaddress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from aiohttp import web

from backend.settings import Settings

Proxies = tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """The origins of CORS_ALLOW_ORIGIN in small letters, and the networks of TRUSTED_PROXIES."""

    origins: frozenset[str]
    proxies: Proxies


CONTEXT = web.AppKey("CONTEXT", Context)


def context_from(settings: Settings) -> Context:
    """Return the context that the settings ask for."""
    return Context(
        origins=frozenset(origin.lower() for origin in settings.cors_allow_origin),
        proxies=tuple(ipaddress.ip_network(text) for text in settings.trusted_proxies),
    )
