"""Accounts over HTTP: which request is answered by what."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from backend.accounts.account import change_password, delete_account
from backend.accounts.export import export_data
from backend.accounts.login import login, logout, refresh, verify
from backend.accounts.register import register
from backend.accounts.services import Services

Handler = Callable[[Services, web.Request], Awaitable[web.StreamResponse]]

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/register", register),
    ("POST", "/auth/login", login),
    ("POST", "/auth/refresh", refresh),
    ("GET", "/auth/verify", verify),
    ("POST", "/auth/logout", logout),
    ("POST", "/auth/password", change_password),
    ("POST", "/auth/delete", delete_account),
    ("POST", "/auth/export", export_data),
)


def routes(services: Services) -> list[web.RouteDef]:
    """Return the routes, answered with these services."""
    return [web.route(method, path, partial(run, services)) for method, path, run in ROUTES]
