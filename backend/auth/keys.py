"""The public keys of an outside auth service: one PEM, or a JSON Web Key Set (RFC 7517).

A key fixes the algorithm it verifies: RSA is RS256, P-256 is ES256, Ed25519 is EdDSA. Whatever a
token says about itself chooses at most among the keys, never the algorithm.
"""

from typing import Any, NamedTuple

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from backend.logs import Journal

journal = Journal("parley.auth")


MIN_RSA_BITS = 2048  # RFC 7518, 3.3


class Key(NamedTuple):
    """A public key and the one algorithm it is used with."""

    public: Any
    algorithm: str


Keys = dict[str | None, Key]


class BadKeys(ValueError):
    """What should be keys is not; the text says what was expected."""


def parse_pem(text: str) -> Key:
    """The key in a PEM text; raises BadKeys."""
    try:
        public = load_pem_public_key(text.encode())
    except ValueError:
        raise BadKeys("expected a public key in PEM") from None
    algorithm = _algorithm_of(public)
    if algorithm is None:
        raise BadKeys(f"expected an RSA (at least {MIN_RSA_BITS} bits), P-256 or Ed25519 key")
    return Key(public, algorithm)


def parse_jwks(text: bytes) -> Keys:
    """The usable keys of a key set by their `kid`; raises BadKeys when it is not a key set.

    Keys that are secret, of another kind, or not for signatures are left out.
    """
    try:
        entries = msgspec.json.decode(text, type=dict[str, Any])["keys"]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError):
        raise BadKeys('expected a JSON object with "keys"') from None
    if not isinstance(entries, list):
        raise BadKeys('expected "keys" to be a list')
    keys: Keys = {}
    for entry in entries:
        key = _parse_entry(entry) if isinstance(entry, dict) else None
        if key is not None:
            kid = entry.get("kid")
            keys[kid if isinstance(kid, str) else None] = key
    return keys


def pick(keys: Keys, kid: str | None) -> Key | None:
    """The key a token's `kid` names; one that is alone needs no name."""
    if kid in keys and kid is not None:
        return keys[kid]
    if len(keys) == 1 and (kid is None or None in keys):
        return next(iter(keys.values()))
    return None


def _parse_entry(entry: dict[str, Any]) -> Key | None:
    if "d" in entry or entry.get("kty") == "oct" or entry.get("use", "sig") != "sig":
        _leave_out("it is secret or not for signatures")
        return None
    try:
        public = jwt.PyJWK(entry).key
    except (jwt.PyJWTError, ValueError, TypeError):
        _leave_out("it cannot be read")
        return None
    algorithm = _algorithm_of(public)
    if algorithm is None or entry.get("alg", algorithm) != algorithm:
        _leave_out("expected RS256, ES256 or EdDSA")
        return None
    return Key(public, algorithm)


def _leave_out(reason: str) -> None:
    journal.warning("key_left_out", "a key of the key set is left out: %(reason)s", reason=reason)


def _algorithm_of(public: object) -> str | None:
    if isinstance(public, RSAPublicKey) and public.key_size >= MIN_RSA_BITS:
        return "RS256"
    if isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP256R1):
        return "ES256"
    if isinstance(public, Ed25519PublicKey):
        return "EdDSA"
    return None
