"""Giving browsers the cookies of a login, and taking them back."""

import re

from aiohttp import web

from backend.http.origin import address_asked
from backend.protocol.http.cookies import COOKIES, DEVICE, DEVICE_DAYS, LOGIN, REFRESH
from backend.settings import Settings

# A page of one's own machine, without HTTPS, for which Safari would take no secure cookie.
AT_HOME = re.compile(r"(?:http://)?(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?")


class Cookies:
    """Gives browsers the cookies and takes them back, with the flags that the settings ask for."""

    def __init__(self, settings: Settings) -> None:
        self._secure = settings.cookie_secure
        self._samesite = settings.cookie_samesite.capitalize()
        self._prefix = settings.cookie_prefix
        below = settings.api_prefix
        self._paths = {
            name: (below + each.path).rstrip("/") or "/" for name, each in COOKIES.items()
        }
        self._max_ages = {
            LOGIN: settings.token_ttl,
            REFRESH: settings.session_ttl,
            DEVICE: DEVICE_DAYS * 86400,
        }

    def read(self, request: web.Request, name: str) -> str | None:
        """The value of a cookie that the request carries; None when there is none."""
        return request.cookies.get(self._prefix + name) or None

    def set(
        self, request: web.Request, response: web.StreamResponse, tokens: dict[str, str]
    ) -> None:
        """Give the browser tokens by the names of cookies, out of reach of its scripts."""
        for name, token in tokens.items():
            self._set(request, response, name, token, self._max_ages[name])

    def why_dropped(self, request: web.Request) -> str | None:
        """Why the page's browser drops these cookies, and what helps; None when it keeps them.

        A browser keeps no secure cookie that comes without HTTPS (RFC 6265bis, 5.7), and says so to
        nobody.
        """
        address, origin = address_asked(request), request.headers.get("Origin", "")
        unprotected = address.startswith("http://") and origin.startswith("http://")
        if not unprotected or not self._secure or _is_at_home(request):
            return None
        return (
            f"browsers drop the cookies of this login, because {address} is not HTTPS: open the"
            " page by https:// or at localhost, or set COOKIE_SECURE=false"
        )

    def clear(self, request: web.Request, response: web.StreamResponse) -> None:
        """Let the browser forget the login; with the flags it was set with, or it refuses to."""
        for name in (LOGIN, REFRESH):
            self._set(request, response, name, "", 0)

    def _set(
        self,
        request: web.Request,
        response: web.StreamResponse,
        name: str,
        value: str,
        max_age: int,
    ) -> None:
        response.set_cookie(
            self._prefix + name,
            value,
            path="/" if self._prefix else self._paths[name],  # RFC 6265bis, 4.1.3.2
            max_age=max_age,
            httponly=True,
            secure=self._secure and not _is_at_home(request),
            samesite=self._samesite,
        )


def _is_at_home(request: web.Request) -> bool:
    """Whether the page that asks, and this server, are the browser's own machine, without HTTPS."""
    origin, host = request.headers.get("Origin", ""), request.headers.get("Host", "")
    return bool(
        origin.startswith("http://") and AT_HOME.fullmatch(origin) and AT_HOME.fullmatch(host)
    )
