"""What the handlers of accounts work with."""

from dataclasses import dataclass

from backend.auth.cookies import Cookies
from backend.auth.credentials import Credentials
from backend.auth.dev import Dev
from backend.auth.external import external_from
from backend.auth.identity import Identities
from backend.auth.passwords import Passwords
from backend.auth.secret import load_secrets
from backend.auth.throttle import LoginThrottle, Throttle
from backend.auth.tokens import Tokens
from backend.auth.turns import Turns
from backend.peers import Peers
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
    turns: Turns
    credentials: Credentials
    cookies: Cookies
    registrations: Throttle


def build_services(settings: Settings, database: Database, peers: Peers) -> Services:
    """The services that these settings ask for; raises BadSetting."""
    tokens, cookies = Tokens(load_secrets(settings), settings.token_ttl), Cookies(settings)
    passwords = Passwords(settings.password_workers)
    turns = Turns(
        settings.password_workers,
        settings.password_queue,
        settings.password_queue_per_address,
        settings.password_queue_per_account,
    )
    logins = LoginThrottle(settings.login_attempts, settings.password_checks, settings.login_window)
    registrations = Throttle(settings.register_attempts, settings.register_window)
    for topic, throttle in (
        ("guesses", logins.guesses), ("checks", logins.checks), ("registrations", registrations)
    ):  # fmt: skip
        throttle.share(peers, topic)
    external = external_from(settings, database)
    dev = Dev(settings, database) if settings.dev else None
    return Services(
        settings=settings,
        database=database,
        tokens=tokens,
        identities=Identities(tokens, cookies, external, dev, database),
        passwords=passwords,
        turns=turns,
        credentials=Credentials(database, passwords, turns, logins, tokens, cookies),
        cookies=cookies,
        registrations=registrations,
    )
