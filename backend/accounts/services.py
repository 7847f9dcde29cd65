"""What the handlers of accounts work with."""

from dataclasses import dataclass

from backend.auth.cookies import Cookies
from backend.auth.credentials import Credentials
from backend.auth.external import external_from
from backend.auth.identity import Identities
from backend.auth.passwords import Passwords
from backend.auth.secret import load_secret
from backend.auth.throttle import LoginThrottle, Throttle
from backend.auth.tokens import Tokens
from backend.settings import Settings
from backend.store.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a handler may need."""

    settings: Settings
    database: Database
    tokens: Tokens
    identities: Identities
    passwords: Passwords
    credentials: Credentials
    cookies: Cookies
    registrations: Throttle


def build_services(settings: Settings, database: Database) -> Services:
    """The services that these settings ask for; raises BadSetting."""
    tokens = Tokens(load_secret(settings), settings.token_ttl)
    passwords = Passwords(settings.password_workers, settings.password_queue)
    logins = LoginThrottle(settings.login_attempts, settings.login_window)
    return Services(
        settings=settings,
        database=database,
        tokens=tokens,
        identities=Identities(tokens, external_from(settings, database), database),
        passwords=passwords,
        credentials=Credentials(database, passwords, logins),
        cookies=Cookies(settings),
        registrations=Throttle(settings.register_attempts, settings.register_window),
    )
