"""Tokens of an outside auth service, and the users they bring with them.

A person is (issuer, subject). They are never linked to an account that happens to have the same
name or email: who controls the outside service would otherwise control every account here.
"""

import hashlib
import re
import secrets
from typing import Any

import msgspec

from backend.auth.errors import invalid_login_token
from backend.auth.key_sources import KeySource, key_source
from backend.auth.tokens import MAX_EXPIRY, decode, unverified_header
from backend.handlers.users import change_profile
from backend.protocol.errors import Refused
from backend.protocol.names import check_email
from backend.settings import Settings
from backend.store import accounts, outsiders, users
from backend.store.accounts import Account, NewAccount
from backend.store.database import Database
from backend.store.engine.db import Db
from backend.store.outsiders import Said
from backend.store.sessions import Identity

MAX_SUBJECT = 255  # OpenID Connect Core, 2
Claims = dict[str, Any]

REQUIRED = ["iss", "sub", "aud", "exp", "iat"]
# What an access token says it is (RFC 9068, 2.1; RFC 7519, 5.1); others are for something else.
TYPES = frozenset({"", "jwt", "at+jwt", "application/at+jwt"})
KINDS = frozenset({"", "bearer"})  # Keycloak says it in the claims
NAME_CLAIMS = ("preferred_username", "username", "nickname", "email", "name")


class External:
    """Verifies the tokens of one issuer, and creates the users it has not seen before."""

    def __init__(self, settings: Settings, keys: KeySource, database: Database) -> None:
        self.issuer = settings.auth_issuer
        self._audience = settings.auth_audience
        self._max_name_length = settings.max_name_length
        self._reachable_by = settings.reachable_by
        self._keys = keys
        self._database = database

    async def identify(self, token: str) -> Identity:
        """Whom the token names; `session_id` is 0, `expires_at` the token's end.

        Raises Refused: Unauthorized (`invalid login-token`), or unavailable without keys.
        """
        claims = await self._verify(token)
        subject = str(claims["sub"])
        expires_at = min(int(claims["exp"]), MAX_EXPIRY)
        said = Said(_hash(claims), int(claims["iat"]))

        def look_up(db: Db) -> tuple[Account | None, bool]:
            self._check_revoked(db, subject, claims)
            account = accounts.find_by_subject(db, self.issuer, subject)
            is_news = account is not None and _is_news(outsiders.said(db, account.id), said)
            return account, is_news

        account, is_news = await self._database.read(look_up)
        if account is None or is_news:
            account = await self._database.write(
                lambda db: self._take_over(db, subject, claims, said)
            )
        return Identity(account.id, account.username, 0, expires_at)

    async def _verify(self, token: str) -> Claims:
        header = unverified_header(token)
        if str(header.get("typ") or "").lower() not in TYPES:
            raise invalid_login_token()
        key = await self._keys.find(header.get("kid"))
        if key is None:
            raise invalid_login_token()
        claims = decode(
            token,
            key.public,
            key.algorithm,
            REQUIRED,
            audience=self._audience,
            issuer=self.issuer,
        )
        subject = claims["sub"]
        if not 0 < len(subject) <= MAX_SUBJECT or not subject.isprintable():
            raise invalid_login_token()
        if "nonce" in claims or str(claims.get("typ") or "").lower() not in KINDS:
            raise invalid_login_token()  # an ID token tells a client who came, and opens nothing
        return claims

    def _check_revoked(self, db: Db, subject: str, claims: Claims) -> None:
        if claims["iat"] <= outsiders.revoked_until(db, self.issuer, subject):
            raise invalid_login_token()

    def _take_over(self, db: Db, subject: str, claims: Claims, said: Said) -> Account:
        """The user of this subject as the claims have it, made now if there is none."""
        self._check_revoked(db, subject, claims)
        account = accounts.find_by_subject(db, self.issuer, subject)
        if account is None:
            account = self._provision(db, subject, claims)
        elif _is_news(outsiders.said(db, account.id), said):
            self._update(db, account, claims)
        outsiders.note(db, account.id, said)
        return account

    def _update(self, db: Db, account: Account, claims: Claims) -> None:
        """Give a user the name and the email of the claims, where there are any."""
        values: dict[str, object] = {}
        fullname, email = _fullname_from(claims, self._max_name_length), _email_from(claims)
        if fullname:
            values |= {"fullname": fullname, "fullname_key": users.fold(fullname)}
        if email is not None:
            key = users.email_key(db, email, account.id)
            values |= {"email": email if key else None, "email_key": key}
        change_profile(db, account.id, values)

    def _provision(self, db: Db, subject: str, claims: Claims) -> Account:
        """A new user, made from the claims."""
        username = _free_username(db, _username_from(claims))
        email = _email_from(claims)
        if email is not None and users.email_key(db, email) is None:
            email = None
        fullname = _fullname_from(claims, self._max_name_length) or username
        new = NewAccount(
            username,
            fullname,
            email=email,
            issuer=self.issuer,
            subject=subject,
            reachable_by=self._reachable_by,
        )
        return Account(accounts.create(db, new), username, None, disabled=False)


def external_from(settings: Settings, database: Database) -> External | None:
    """The verifier that the settings ask for, if any; raises BadSetting."""
    keys = key_source(settings)
    return External(settings, keys, database) if keys is not None else None


def _is_news(before: Said, now: Said) -> bool:
    """Whether a token is newer than the one before, and says something else."""
    return now.at > before.at and now.claims_hash != before.claims_hash


def _hash(claims: Claims) -> bytes:
    """What the claims say of the user's profile, as a hash."""
    told = [claims.get(name) for name in ("name", "email", "email_verified")]
    return hashlib.sha256(msgspec.json.encode(told)).digest()


def _username_from(claims: Claims) -> str:
    """A username as near to the claimed one as the rules allow."""
    for claim in NAME_CLAIMS:
        value = claims.get(claim)
        if isinstance(value, str):
            name = re.sub(r"[^A-Za-z0-9._-]+", "-", value.partition("@")[0])[:32].strip(".-")
            if name:
                return name
    return "user"


def _free_username(db: Db, wanted: str) -> str:
    """The name itself, or with a suffix if it is taken."""
    name = wanted
    while accounts.username_taken(db, name):
        name = f"{wanted[:25]}-{secrets.randbelow(10**6):06}"
    return name


def _fullname_from(claims: Claims, max_length: int) -> str:
    value = claims.get("name")
    text = value if isinstance(value, str) else ""
    return "".join(c for c in text if c.isprintable())[:max_length].strip()


def _email_from(claims: Claims) -> str | None:
    value = claims.get("email") if claims.get("email_verified", True) is True else None
    try:
        return check_email(value) if isinstance(value, str) else None
    except Refused:
        return None
