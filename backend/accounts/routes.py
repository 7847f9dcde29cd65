"""The HTTP side of the server: which request is answered by what."""

from aiohttp import web

from backend.accounts.account import change_password, delete_account
from backend.accounts.export import export_data
from backend.accounts.login import login, logout, refresh, verify
from backend.accounts.register import register
from backend.accounts.services import build_services
from backend.auth import identity
from backend.http import health
from backend.http.middleware import Handler, bounded, preflight
from backend.settings import Settings
from backend.store.database import Database
from backend.store.sessions import Identity

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/", health.about),
    ("GET", "/misc/ping", health.ping),
    ("GET", "/health", health.health),
    ("POST", "/register", register),
    ("POST", "/auth/login", login),
    ("POST", "/auth/refresh", refresh),
    ("GET", "/auth/verify", verify),
    ("POST", "/auth/logout", logout),
    ("POST", "/auth/password", change_password),
    ("POST", "/auth/delete", delete_account),
    ("POST", "/auth/export", export_data),
)


class Accounts:
    """Accounts over HTTP, and the answer to whose request something is."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Raises BadSetting when the secret or the outside service's keys cannot be used."""
        self._services = build_services(settings, database)

    def routes(self) -> list[web.RouteDef]:
        """The routes, for `app.add_routes`."""
        routes = [
            web.route(method, path, bounded(self._services, handler))
            for method, path, handler in ROUTES
        ]
        ask_first = bounded(self._services, preflight)
        return routes + [web.options(path, ask_first) for _, path, _ in ROUTES]

    async def identify(self, request: web.Request) -> Identity:
        """Whom the request's token names; raises Refused, see `identity.identify`."""
        return await identity.identify(self._services, request)

    def close(self) -> None:
        """Stop checking passwords."""
        self._services.passwords.close()
