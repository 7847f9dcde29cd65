"""Every setting, in one place: read once, typed, frozen, checked before the port opens.

Each field is set by the environment variable of the same name in capitals, or by a line in a
`.env` file; the environment wins. docs/settings.md is compared with this file by a test.
"""

import ipaddress
import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from dotenv import dotenv_values
from msgspec import Meta

Count = Annotated[int, Meta(ge=1, le=2**53 - 1)]
Size = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Seconds = Annotated[float, Meta(gt=0, le=10 * 365 * 86400)]


class BadSetting(Exception):
    """A setting that cannot be used; the text names it, its value and what was expected."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="upper"):
    """The server's settings; durations in seconds, sizes in bytes, unless the name says more."""

    # Where it runs
    host: str = "localhost"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    dbpath: Annotated[str, Meta(min_length=1)] = ".data/chatapp.db"
    database_url: str = ""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    metrics: str = "off"
    docs: Literal["on", "off"] = "on"
    api_prefix: str = ""
    dev: bool = False

    # Who may come in
    jwtsecret: str = ""
    jwtsecret_old: str = ""
    cors_allow_origin: tuple[str, ...] = ("http://localhost:5173",)
    allowed_hosts: tuple[str, ...] = ()
    cookie_secure: bool = True
    cookie_samesite: Literal["lax", "strict", "none"] = "lax"
    cookie_prefix: Literal["", "__Host-"] = ""
    token_ttl: Count = 3600
    session_ttl: Count = 30 * 86400
    session_max_age: Count = 365 * 86400
    trusted_proxies: tuple[str, ...] = ()
    reachable_by: Literal["everyone", "contacts"] = "everyone"
    auth_issuer: str = ""
    auth_audience: str = ""
    auth_jwks_file: str = ""
    auth_jwks_url: str = ""
    auth_public_key: str = ""
    auth_secret: str = ""
    registration: Literal["", "open", "invite", "closed"] = ""

    # Connections
    first_request_timeout: Seconds = 15
    connections_per_address: Count = 1000

    # Passwords, and how fast they may be tried
    password_min_length: Annotated[int, Meta(ge=1, le=1024)] = 8
    password_workers: Annotated[int, Meta(ge=1, le=16)] = 2
    password_queue: Count = 256
    password_queue_per_address: Count = 64
    password_queue_per_account: Count = 4
    password_checks: Count = 100
    login_attempts: Count = 10
    login_window: Seconds = 300
    register_attempts: Count = 30
    register_window: Seconds = 3600

    # Sockets
    heartbeat: Seconds = 25
    presence_grace: Annotated[float, Meta(ge=0, le=3600)] = 5
    drain_timeout: Seconds = 10
    replay_timeout: Seconds = 60
    outbox_limit: Count = 512 * 1024
    max_frame_bytes: Count = 64 * 1024
    max_sockets_per_user: Count = 50
    rate_limit: Annotated[float, Meta(ge=0, le=1e6)] = 20
    rate_burst: Count = 200

    # Files
    files: Annotated[str, Meta(min_length=1)] = ".data/files"
    max_file_bytes: Count = 25_000_000
    max_files_per_message: Annotated[int, Meta(ge=1, le=100)] = 10
    max_storage_per_user: Count = 1_000_000_000
    uploads_per_hour: Count = 200
    allowed_file_types: tuple[str, ...] = ("*/*",)

    # The log
    resume_max_events: Count = 5000
    log_retention_days: Seconds = 30
    purge_interval: Seconds = 60

    # What a client can make grow
    max_message_length: Count = 4000
    max_name_length: Count = 100
    max_topic_length: Count = 250
    max_bio_length: Count = 500
    max_emoji_length: Count = 32
    max_reason_length: Count = 1000
    max_page: Annotated[int, Meta(ge=1, le=100)] = 100
    max_conversations: Count = 1000
    max_groups_per_hour: Count = 100
    max_contacts: Count = 1000
    max_contact_requests: Count = 100
    max_members: Count = 10000
    max_members_per_request: Count = 500
    max_sessions: Count = 100
    max_pins: Count = 100
    max_reactions: Count = 50
    max_reports: Count = 100
    max_blocks: Count = 1000
    max_mentions: Count = 50
    max_search_words: Count = 10

    @property
    def database(self) -> str:
        """Where the database is: the URL of a PostgreSQL one, or else the path of SQLite's file."""
        return self.database_url or self.dbpath


SECRETS = frozenset({"DATABASE_URL", "JWTSECRET", "JWTSECRET_OLD", "AUTH_SECRET"})
MIN_SECRET_BYTES = 16
MAX_PORT = 65535
LISTS = frozenset({"CORS_ALLOW_ORIGIN", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "ALLOWED_FILE_TYPES"})
LIMITS = tuple(
    f.encode_name for f in msgspec.structs.fields(Settings) if f.encode_name.startswith("MAX_")
)


def read_settings(
    environment: Mapping[str, str] = os.environ, env_file: Path | None = Path(".env")
) -> Settings:
    """Settings from the environment over the lines of `env_file` over the defaults.

    Raises BadSetting with one line that names the setting, its value and what was expected.
    """
    found: dict[str, str | None] = {}
    if env_file is not None and env_file.is_file():
        found.update(dotenv_values(env_file))
    found.update(environment)
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        text = found.get(field.encode_name)
        if text is not None:
            values[field.encode_name] = _parse(field.encode_name, text, field.type)
    settings = msgspec.convert(values, Settings)
    _check(settings)
    return settings


def limits_of(settings: Settings) -> dict[str, int]:
    """The limits a client is told by `help` and `resume`: setting name to number."""
    paces = {
        "RATE_LIMIT": math.ceil(settings.rate_limit), "RATE_BURST": settings.rate_burst,
    }  # fmt: skip
    return {name: getattr(settings, name.lower()) for name in LIMITS} | paces


def _parse(name: str, text: str, kind: object) -> object:
    if name in LISTS:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        return msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError as error:
        expected = re.sub(r"`(\w+)`", r"\1", str(error)[:1].lower() + str(error)[1:])
        shown = "…" if name in SECRETS else repr(text)
        raise BadSetting(f"{name} is {shown}: {expected}") from None


def _check(settings: Settings) -> None:
    for name in ("JWTSECRET", "JWTSECRET_OLD"):
        if 0 < len(getattr(settings, name.lower()).encode()) < MIN_SECRET_BYTES:
            text = f"{name} is shorter than {MIN_SECRET_BYTES} bytes: anybody could guess it"
            raise BadSetting(text)
    if settings.database_url:
        _check_database(settings)
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", settings.api_prefix):
        raise BadSetting(
            f"API_PREFIX is {settings.api_prefix!r}: expected a path such as /api/messaging,"
            " which begins with a slash and does not end with one"
        )
    _check_dev(settings)
    for origin in settings.cors_allow_origin:
        if not re.fullmatch(r"https?://[^/\s*]+", origin):
            raise BadSetting(
                f"CORS_ALLOW_ORIGIN has {origin!r}: expected origins such as "
                "http://localhost:5173, separated by commas; '*' and 'null' are never allowed"
            )
    for host in settings.allowed_hosts:
        if not re.fullmatch(r"[A-Za-z0-9.-]+", host):
            raise BadSetting(
                f"ALLOWED_HOSTS has {host!r}: expected names such as chat.example, without port"
            )
    if settings.cookie_samesite == "none" and not settings.cookie_secure:
        raise BadSetting("COOKIE_SAMESITE is 'none': browsers take that only with COOKIE_SECURE")
    if settings.cookie_prefix and not settings.cookie_secure:
        raise BadSetting("COOKIE_PREFIX is '__Host-': browsers take that only with COOKIE_SECURE")
    _check_proxies(settings)
    _check_metrics(settings)
    _check_external(settings)
    for pattern in settings.allowed_file_types:
        if not re.fullmatch(r"[\w.+*-]+/[\w.+*-]+", pattern):
            raise BadSetting(
                f"ALLOWED_FILE_TYPES has {pattern!r}: expected types such as image/* or"
                " application/pdf, separated by commas"
            )


def _check_database(settings: Settings) -> None:
    if not settings.database_url.startswith(("postgresql://", "postgres://")):
        raise BadSetting("DATABASE_URL is …: expected postgresql://USER:PASSWORD@HOST/NAME")
    if not settings.jwtsecret:
        raise BadSetting(
            "JWTSECRET is missing: with DATABASE_URL it has to be set, the same for every node"
        )


def _check_dev(settings: Settings) -> None:
    """Whoever can reach a server in this mode can be anybody on it."""
    if settings.dev and settings.host not in {"localhost", "127.0.0.1", "::1"}:
        raise BadSetting(
            f"DEV is true and HOST {settings.host!r}: expected localhost, 127.0.0.1 or ::1,"
            " because in this mode anybody who can reach the server can be anybody on it"
        )
    if settings.dev and settings.trusted_proxies:
        raise BadSetting("DEV is true and TRUSTED_PROXIES is set: it is for no server behind one")


def _check_proxies(settings: Settings) -> None:
    for proxy in settings.trusted_proxies:
        try:
            ipaddress.ip_network(proxy)
        except ValueError:
            raise BadSetting(
                f"TRUSTED_PROXIES has {proxy!r}: expected addresses or networks such as 10.0.0.0/8"
            ) from None


def _check_metrics(settings: Settings) -> None:
    where = settings.metrics
    if where not in {"off", "loopback"} and not (where.isdecimal() and int(where) <= MAX_PORT):
        raise BadSetting(f"METRICS is {where!r}: expected off, loopback or a port")


def _check_external(settings: Settings) -> None:
    sources = [
        settings.auth_jwks_file,
        settings.auth_jwks_url,
        settings.auth_public_key,
        settings.auth_secret,
    ]
    if 0 < len(settings.auth_secret.encode()) < 32:
        raise BadSetting("AUTH_SECRET is shorter than 32 bytes: HS256 needs a key of at least 32")
    chosen = sum(1 for source in sources if source)
    if chosen > 1:
        raise BadSetting(
            "expected only one of AUTH_JWKS_FILE, AUTH_JWKS_URL, AUTH_PUBLIC_KEY, AUTH_SECRET"
        )
    if not chosen and (settings.auth_issuer or settings.auth_audience):
        raise BadSetting(
            "outside tokens need keys: expected one of AUTH_JWKS_FILE, AUTH_JWKS_URL,"
            " AUTH_PUBLIC_KEY, AUTH_SECRET beside AUTH_ISSUER and AUTH_AUDIENCE"
        )
    if chosen and not (settings.auth_issuer and settings.auth_audience):
        raise BadSetting("outside tokens need both AUTH_ISSUER and AUTH_AUDIENCE")
