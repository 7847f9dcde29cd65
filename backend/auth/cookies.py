"""The two cookies of a login."""

from aiohttp import web

from backend.settings import Settings

LOGIN = "login-token"
REFRESH = "refresh-token"
PATHS = {LOGIN: "/", REFRESH: "/auth"}


class Cookies:
    """Gives browsers the cookies and takes them back, with the flags that the settings ask for."""

    def __init__(self, settings: Settings) -> None:
        self._secure = settings.cookie_secure
        self._samesite = settings.cookie_samesite.capitalize()
        self._max_ages = {LOGIN: settings.token_ttl, REFRESH: settings.session_ttl}

    def set(self, response: web.StreamResponse, token: str, refresh_token: str) -> None:
        """Give the browser both tokens, out of reach of its scripts."""
        self._set(response, LOGIN, token, self._max_ages[LOGIN])
        self._set(response, REFRESH, refresh_token, self._max_ages[REFRESH])

    def clear(self, response: web.StreamResponse) -> None:
        """Let the browser forget both; with the flags they were set with, or it refuses to."""
        self._set(response, LOGIN, "", 0)
        self._set(response, REFRESH, "", 0)

    def _set(self, response: web.StreamResponse, name: str, value: str, max_age: int) -> None:
        response.set_cookie(
            name,
            value,
            path=PATHS[name],
            max_age=max_age,
            httponly=True,
            secure=self._secure,
            samesite=self._samesite,
        )
