"""Tokens of an outside auth service, and the users they bring with them.

A person is (issuer, subject). They are never linked to an account that happens to have the same
name or email: who controls the outside service would otherwise control every account here.
"""

import re
import secrets
from typing import Any

from backend.auth.errors import invalid_login_token
from backend.auth.key_sources import KeySource, key_source
from backend.auth.tokens import MAX_EXPIRY, decode, unverified_header
from backend.protocol.errors import Refused
from backend.protocol.names import check_email
from backend.settings import Settings
from backend.store import accounts, users
from backend.store.accounts import Account, NewAccount
from backend.store.database import Database
from backend.store.engine.db import Db
from backend.store.sessions import Identity

MAX_SUBJECT = 255  # OpenID Connect Core, 2
Claims = dict[str, Any]

REQUIRED = ["iss", "sub", "aud", "exp"]
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
        account = await self._database.read(
            lambda db: accounts.find_by_subject(db, self.issuer, subject)
        )
        if account is None:
            account = await self._database.write(lambda db: self._provision(db, subject, claims))
        return Identity(account.id, account.username, 0, expires_at)

    async def _verify(self, token: str) -> Claims:
        key = await self._keys.find(unverified_header(token).get("kid"))
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
        return claims

    def _provision(self, db: Db, subject: str, claims: Claims) -> Account:
        """The user of this subject, made from the claims unless another request was faster."""
        found = accounts.find_by_subject(db, self.issuer, subject)
        if found is not None:
            return found
        username = _free_username(db, _username_from(claims))
        email = _email_from(claims)
        if email is not None and users.email_taken(db, email):
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
    value = claims.get("email")
    try:
        return check_email(value) if isinstance(value, str) else None
    except Refused:
        return None
