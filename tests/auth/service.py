"""An outside auth service: its keys, its tokens, and the place where it shows its key set."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

ISSUER = "https://login.example"
AUDIENCE = "chat"


def jwk_of(key: Any) -> dict[str, Any]:
    """A key as it stands in a key set."""
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey):
        return RSAAlgorithm.to_jwk(key, as_dict=True)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return ECAlgorithm.to_jwk(key, as_dict=True)
    return OKPAlgorithm.to_jwk(key, as_dict=True)


class Signer(NamedTuple):
    """A private key and the algorithm it signs by."""

    private: Any
    algorithm: str
    kid: str

    @property
    def jwk(self) -> dict[str, Any]:
        """Its public half, as it stands in a key set."""
        entry = jwk_of(self.private.public_key())
        return {**entry, "kid": self.kid, "use": "sig"}

    @property
    def pem(self) -> str:
        """Its public half as PEM."""
        public = self.private.public_key()
        pem: bytes = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return pem.decode()

    def token(self, **claims: Any) -> str:
        """A token for `sub` `42`, good for a minute; a claim that is None is left out."""
        now = int(time.time())
        good = {"iss": ISSUER, "aud": AUDIENCE, "sub": "42", "iat": now, "exp": now + 60}
        kept = {name: value for name, value in (good | claims).items() if value is not None}
        return jwt.encode(kept, self.private, self.algorithm, {"kid": self.kid})


RSA = Signer(rsa.generate_private_key(65537, 2048), "RS256", "rsa")
EC = Signer(ec.generate_private_key(ec.SECP256R1()), "ES256", "ec")
ED = Signer(ed25519.Ed25519PrivateKey.generate(), "EdDSA", "ed")
SIGNERS = (RSA, EC, ED)


def key_set(*entries: Signer | dict[str, Any]) -> str:
    """A key set with these keys."""
    keys = [entry.jwk if isinstance(entry, Signer) else entry for entry in entries]
    return json.dumps({"keys": keys})


class Shown:
    """What the service shows at its address, and how often it was asked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.status = 200
        self.asked = 0
        self.url = ""

    async def show(self, request: web.Request) -> web.Response:
        """The handler."""
        self.asked += 1
        return web.Response(text=self.text, status=self.status)


@asynccontextmanager
async def showing(text: str) -> AsyncIterator[Shown]:
    """A service that shows `text`."""
    shown = Shown(text)
    app = web.Application()
    app.router.add_get("/keys", shown.show)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    shown.url = str(server.make_url("/keys"))
    yield shown
    await server.close()
