"""Our own tokens: login-tokens, JWTs signed by HS256 that are short-lived and bound to a session;
refresh tokens that new ones are had for; device tokens that say who has logged in here before.
"""

import base64
import hashlib
import hmac
import secrets
import time
from typing import Any, NamedTuple

import jwt

from backend.auth.errors import invalid_login_token
from backend.protocol.errors import Unauthorized
from backend.store.sessions import Identity

ISSUER = AUDIENCE = "parley"
LOGIN_TYPE = "at+jwt"  # RFC 9068, 2.1
DEVICE_TYPE = "device+jwt"
OPERATOR_TYPE = "operator+jwt"
OPERATOR_SECONDS = 60
SUCCESSORS = 8
MAX_ID = 2**53 - 1  # what a JavaScript number holds exactly
MAX_EXPIRY = MAX_ID
KEY_BYTES = 32  # RFC 7518, 3.2: a key as long as the hash

# A key that is too short for its algorithm is an error, not a warning.
VERIFIER = jwt.PyJWT({"enforce_minimum_key_length": True})

Claims = dict[str, Any]


class SigningKey(NamedTuple):
    """A secret as HMAC takes it, and the `kid` by which tokens name it."""

    kid: str
    secret: bytes


class Tokens:
    """Signs with the first of `secrets_` tokens good for `ttl` seconds; verifies with any."""

    def __init__(self, secrets_: tuple[str, ...], ttl: int) -> None:
        keys = [_signing_key(each) for each in secrets_]
        self._key = keys[0]
        self._headers = {
            _header(type_, key): (type_, key)
            for key in keys
            for type_ in (LOGIN_TYPE, DEVICE_TYPE, OPERATOR_TYPE)
        }
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
            "exp": min(now + (ttl or self.ttl), identity.expires_at),
        }
        return self._sign(LOGIN_TYPE, claims, now, audience or AUDIENCE)

    def verify(self, token: str, *, audience: str | None = None) -> Identity:
        """Whom a token names, `expires_at` being the token's own end.

        The session may be over all the same: that is for `sessions.find_live` to say. Raises
        Unauthorized for whatever we did not sign, or not in this form, or that has expired, or is
        for something else.
        """
        required = ["username", "sub", "sid", "iat", "exp"]
        claims = self._verify(token, LOGIN_TYPE, required, audience or AUDIENCE)
        user, session = claims["sub"], claims["sid"]
        lowest = 0 if audience is not None else 1  # a file's link may be an outside user's
        if not (user.isdecimal() and user.isascii() and len(user) < 17 and type(session) is int):
            raise invalid_login_token()
        if not (0 < int(user) <= MAX_ID and lowest <= session <= MAX_ID):
            raise invalid_login_token()
        return Identity(int(user), claims["username"], session, int(claims["exp"]))

    def sign_device(self, user_id: int) -> str:
        """A token that says of the device that keeps it: this user has logged in on it."""
        claims = {"sub": str(user_id), "jti": secrets.token_urlsafe(12)}
        return self._sign(DEVICE_TYPE, claims, int(time.time()), AUDIENCE)

    def device_of(self, token: str | None, user_id: int) -> str | None:
        """The name of the device, if the user has logged in on it."""
        if token is None:
            return None
        try:
            claims = self._verify(token, DEVICE_TYPE, ["sub", "jti"], AUDIENCE)
        except Unauthorized:
            return None
        return str(claims["jti"]) if claims["sub"] == str(user_id) else None

    def sign_operator(self) -> str:
        """A token that says for a minute: who made it has the server's secret, so runs it."""
        now = int(time.time())
        return self._sign(OPERATOR_TYPE, {"exp": now + OPERATOR_SECONDS}, now, AUDIENCE)

    def is_operator(self, token: str) -> bool:
        """Whether a token is the operator's."""
        try:
            self._verify(token, OPERATOR_TYPE, ["iat", "exp"], AUDIENCE)
        except Unauthorized:
            return False
        return True

    def next_refresh_tokens(self, token: str) -> list[str]:
        """The tokens that a refresh token may be exchanged for, always the same ones for the same.

        The first one, or as many further as answers with one were lost. So two tabs that exchange
        it at the same moment end up with one, though of no token more than a hash is stored. All
        of one session begin with the same part.
        """
        found = [self._next_refresh_token(token)]
        while len(found) < SUCCESSORS:
            found.append(self._next_refresh_token(found[-1]))
        return found

    def _next_refresh_token(self, token: str) -> str:
        family, dot, _ = token.rpartition(".")
        rest = self._derive("refresh", token)
        return f"{family}.{rest}" if dot else f"{self._derive('family', token)}.{rest}"

    def _derive(self, purpose: str, token: str) -> str:
        text = f"{purpose}:{token}".encode("utf-8", "surrogateescape")
        return _text(hmac.digest(self._key.secret, text, "sha256"))

    def _sign(self, type_: str, claims: Claims, now: int, audience: str) -> str:
        claims |= {"iss": ISSUER, "aud": audience, "iat": now}
        return _encode(claims, type_, self._key)

    def _verify(self, token: str, type_: str, require: list[str], audience: str) -> Claims:
        # what we sign begins in one of few ways: to read the header first, only to choose the key,
        # took a quarter of the time (83 µs instead of 62)
        found = self._headers.get(token.partition(".")[0])
        if found is None or found[0] != type_:
            raise invalid_login_token()
        required = [*require, "iss", "aud"]
        return decode(token, found[1].secret, "HS256", required, audience=audience, issuer=ISSUER)


def decode(
    token: str, key: Any, algorithm: str, require: list[str], *, audience: str, issuer: str
) -> Claims:
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


def unverified_header(token: str) -> Claims:
    """The header of a token: only good for choosing the key; raises Unauthorized for no token."""
    try:
        return jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
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
    """A token that cannot be guessed: 128 bits that the session keeps, and 256 that are used up."""
    return f"{secrets.token_urlsafe(16)}.{secrets.token_urlsafe(32)}"


def hash_refresh(token: str) -> bytes:
    """What is stored of a refresh token; it is random, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def hash_family(token: str) -> bytes | None:
    """The hash of what all refresh tokens of a session begin with; None for one without it."""
    family, dot, _ = token.rpartition(".")
    return hash_refresh(family) if dot else None


def _encode(claims: Claims, type_: str, key: SigningKey) -> str:
    headers = {"typ": type_, "kid": key.kid}
    return VERIFIER.encode(claims, key.secret, algorithm="HS256", headers=headers)


def _header(type_: str, key: SigningKey) -> str:
    """How every token of that type begins that is signed with that key, up to the first dot."""
    return _encode({}, type_, key).partition(".")[0]


def _signing_key(secret: str) -> SigningKey:
    """Filled up with zeros a short key gives the same signatures (RFC 2104, 2)."""
    raw = secret.encode()
    kid = _text(hashlib.sha256(b"parley kid:" + raw).digest()[:6])
    return SigningKey(kid, raw.ljust(KEY_BYTES, b"\0"))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
