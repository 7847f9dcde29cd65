"""The address a request comes from."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from backend.http.application import application
from backend.http.client_address import client_address, network_of
from backend.settings import Settings

PROXIES = ("10.0.0.0/8", "2001:db8::/32", "192.0.2.1")


def request_from(proxies: tuple[str, ...], peer: str | None, *forwarded: str) -> web.Request:
    """A request from that peer, with X-Forwarded-For headers, where these proxies are trusted."""
    app = application(Settings(trusted_proxies=proxies))
    headers = CIMultiDict([("X-Forwarded-For", value) for value in forwarded])
    return make_mocked_request("GET", "/", headers=headers, app=app).clone(remote=peer or "")


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("198.51.100.7", (), "198.51.100.7"),
        ("198.51.100.7", ("203.0.113.9",), "198.51.100.7"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("203.0.113.9",), "203.0.113.9"),
        ("10.0.0.1", ("1.1.1.1, 203.0.113.9",), "203.0.113.9"),
        ("10.0.0.1", ("1.1.1.1, 203.0.113.9, 10.2.3.4",), "203.0.113.9"),
        ("10.0.0.1", ("1.1.1.1", "203.0.113.9", "192.0.2.1"), "203.0.113.9"),
        ("10.0.0.1", ("10.0.0.2, 10.0.0.3",), "10.0.0.2"),
        ("10.0.0.1", ("203.0.113.9, nonsense",), "10.0.0.1"),
        ("10.0.0.1", ("203.0.113.9, nonsense, 10.0.0.9",), "10.0.0.9"),
        ("10.0.0.1", ("",), "10.0.0.1"),
        ("::ffff:10.0.0.1", ("203.0.113.9",), "203.0.113.9"),
        ("2001:db8::1", ("2001:0DB9:0::1",), "2001:db9::1"),
        ("fe80::1%eth0", (), "fe80::1"),
        (None, ("203.0.113.9",), "unknown"),
    ],
)
def test_client_address(peer: str | None, forwarded: tuple[str, ...], address: str) -> None:
    """Only what trusted proxies say counts, read from the right."""
    assert client_address(request_from(PROXIES, peer, *forwarded)) == address


def test_without_proxies() -> None:
    """By default nobody is believed."""
    assert client_address(request_from((), "127.0.0.1", "203.0.113.9")) == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
    ],
)
def test_network_of(address: str, network: str) -> None:
    """An IPv4 address and an IPv6 /64 count as one place."""
    assert network_of(address) == network
