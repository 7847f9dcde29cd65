"""Accounts over HTTP: which request is answered by what."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from backend.accounts.account import change_password, delete_account
from backend.accounts.export import export_data
from backend.accounts.login import login, logout, refresh, verify
from backend.accounts.register import register
from backend.accounts.services import Services
from backend.http.routing import Route
from backend.protocol.http import account, session
from backend.protocol.http.endpoint import Endpoint

Handler = Callable[[Services, web.Request], Awaitable[web.StreamResponse]]

HANDLERS: dict[Endpoint, Handler] = {
    session.REGISTER: register,
    session.LOG_IN: login,
    session.REFRESH_TOKENS: refresh,
    session.VERIFY: verify,
    session.LOG_OUT: logout,
    account.CHANGE_PASSWORD: change_password,
    account.EXPORT: export_data,
    account.DELETE: delete_account,
}


def routes(services: Services) -> list[Route]:
    """Return the routes, answered with these services."""
    return [Route(endpoint, partial(run, services)) for endpoint, run in HANDLERS.items()]
