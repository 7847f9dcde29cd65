"""Our own tokens: login-tokens, JWTs signed by HS256 that are short-lived and bound to a session,
and the refresh tokens that new ones are had for.
"""

import hashlib
import re
import secrets
import time
from typing import Any

import jwt

from backend.auth.errors import invalid_login_token
from backend.store.sessions import Identity

MAX_EXPIRY = 2**53 - 1  # what a JavaScript number holds exactly
ID = re.compile(r"[1-9][0-9]{0,15}")

# A key that is too short for its algorithm is an error, not a warning.
VERIFIER = jwt.PyJWT({"enforce_minimum_key_length": True})


class Tokens:
    """Signs and verifies tokens that are good for `ttl` seconds."""

    def __init__(self, secret: str, ttl: int) -> None:
        self._secret = secret
        self.ttl = ttl

    def sign(self, identity: Identity, *, audience: str | None = None, ttl: int = 0) -> str:
        """A token for this session, good for `ttl` seconds but not past the session's end.

        Without `ttl` it is as long as is usual; one with an audience is good for nothing else.
        """
        now = int(time.time())
        claims = {
            "username": identity.username,
            "sub": str(identity.user_id),
            "sid": identity.session_id,
            "iat": now,
            "exp": min(now + (ttl or self.ttl), identity.expires_at),
        }
        if audience is not None:
            claims["aud"] = audience
        return VERIFIER.encode(claims, self._secret, algorithm="HS256")

    def verify(self, token: str, *, audience: str | None = None) -> Identity:
        """Whom a token names, `expires_at` being the token's own end.

        The session may be over all the same: that is for `sessions.find_live` to say. Raises
        Unauthorized for whatever we did not sign, or not in this form, or that has expired, or is
        for something else.
        """
        required = ["username", "sub", "sid", "iat", "exp"]
        claims = decode(token, self._secret, "HS256", required, audience=audience)
        user, session = claims["sub"], claims["sid"]
        is_outside = audience is not None and session == 0  # see Identity
        if not (ID.fullmatch(user) and type(session) is int):
            raise invalid_login_token()
        if not (is_outside or ID.fullmatch(str(session))):
            raise invalid_login_token()
        return Identity(int(user), claims["username"], session, int(claims["exp"]))


def decode(
    token: str,
    key: Any,
    algorithm: str,
    require: list[str],
    *,
    audience: str | None = None,
    issuer: str | None = None,
) -> dict[str, Any]:
    """The claims of a token signed with `key` by `algorithm`, all of `require` present.

    Raises Unauthorized when it is anything else, or past its `exp`.
    """
    try:
        return VERIFIER.decode(
            token,
            key,
            algorithms=[algorithm],
            options={"require": require},
            audience=audience,
            issuer=issuer,
        )
    except (jwt.PyJWTError, ValueError, OverflowError, RecursionError):
        raise invalid_login_token() from None


def unverified_issuer(token: str) -> str | None:
    """The issuer a token claims to be from: only good for choosing who verifies it."""
    try:
        claims = VERIFIER.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, OverflowError, RecursionError):
        raise invalid_login_token() from None
    issuer = claims.get("iss")
    return issuer if isinstance(issuer, str) else None


def new_refresh_token() -> str:
    """A token that cannot be guessed (256 bits)."""
    return secrets.token_urlsafe(32)


def hash_refresh(token: str) -> bytes:
    """What is stored of a refresh token; it is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
