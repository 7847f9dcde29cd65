"""What the handlers of accounts work with."""

from dataclasses import dataclass

from backend.auth.external import External, external_from
from backend.auth.passwords import Passwords
from backend.auth.secret import load_secret
from backend.auth.throttle import LoginThrottle, Throttle
from backend.auth.tokens import Tokens
from backend.http.client_address import Proxies, parse_proxies
from backend.settings import Settings
from backend.store.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a handler may need; `external` is None when no outside tokens are taken."""

    settings: Settings
    database: Database
    tokens: Tokens
    external: External | None
    passwords: Passwords
    logins: LoginThrottle
    registrations: Throttle
    proxies: Proxies
    origins: frozenset[str]


def build_services(settings: Settings, database: Database) -> Services:
    """The services that these settings ask for; raises BadSetting."""
    return Services(
        settings=settings,
        database=database,
        tokens=Tokens(load_secret(settings), settings.token_ttl),
        external=external_from(settings, database),
        passwords=Passwords(settings.password_workers, settings.password_queue),
        logins=LoginThrottle(settings.login_attempts, settings.login_window),
        registrations=Throttle(settings.register_attempts, settings.register_window),
        proxies=parse_proxies(settings.trusted_proxies),
        origins=frozenset(origin.lower() for origin in settings.cors_allow_origin),
    )
