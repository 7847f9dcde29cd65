"""The two cookies of a login, and the same in JSON."""

import hashlib
import secrets

from aiohttp import web

from backend.accounts.services import Services
from backend.store.sessions import Identity

LOGIN = "login-token"
REFRESH = "refresh-token"
PATHS = {LOGIN: "/", REFRESH: "/auth"}


def new_refresh_token() -> str:
    """A token that cannot be guessed (256 bits)."""
    return secrets.token_urlsafe(32)


def hash_refresh(token: str) -> bytes:
    """What is stored of a refresh token; it is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def token_values(
    services: Services, identity: Identity, refresh_token: str | None
) -> tuple[str, dict[str, object]]:
    """A new login-token, and the JSON that tells it; the refresh token stands in it if given."""
    token = services.tokens.sign(identity)
    values: dict[str, object] = {
        "access_token": token,
        "token_type": "bearer",
        "expires_in": services.tokens.ttl,
    }
    if refresh_token is not None:
        values["refresh_token"] = refresh_token
    return token, values


def set_cookies(
    services: Services, response: web.StreamResponse, token: str, refresh_token: str
) -> None:
    """Give the browser both tokens, out of reach of its scripts."""
    _set(services, response, LOGIN, token, max_age=services.tokens.ttl)
    _set(services, response, REFRESH, refresh_token, max_age=services.settings.session_ttl)


def clear_cookies(services: Services, response: web.StreamResponse) -> None:
    """Let the browser forget both; with the flags they were set with, or it refuses to."""
    _set(services, response, LOGIN, "", max_age=0)
    _set(services, response, REFRESH, "", max_age=0)


def _set(
    services: Services, response: web.StreamResponse, name: str, value: str, *, max_age: int
) -> None:
    response.set_cookie(
        name,
        value,
        path=PATHS[name],
        max_age=max_age,
        httponly=True,
        secure=services.settings.cookie_secure,
        samesite=services.settings.cookie_samesite.capitalize(),
    )
