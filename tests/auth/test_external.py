"""Tokens of an outside auth service."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from backend.store import accounts
from tests.auth.service import AUDIENCE, EC, ED, ISSUER, RSA, SIGNERS, Signer, key_set
from tests.support.http import JSON, Reply, Server, Tokens
from tests.support.http_fixtures import Start

GOOD = {"iss": ISSUER, "aud": AUDIENCE, "sub": "42", "iat": 1, "exp": 2**40}
TRUST = {"registration": "open", "auth_issuer": ISSUER, "auth_audience": AUDIENCE}


@pytest.fixture
async def outside(start: Start, tmp_path: Path) -> Server:
    """A server that trusts all three signers by a key set in a file."""
    path = tmp_path / "keys.json"
    path.write_text(key_set(*SIGNERS))
    return await start(auth_jwks_file=str(path), **TRUST)


async def verify(server: Server, token: str) -> Reply:
    """What /auth/verify says in JSON."""
    return await server.get("/auth/verify", headers=Tokens(token, "").bearer | JSON)


async def is_refused(server: Server, token: str) -> bool:
    """Whether the token is refused, and nobody was created for it."""
    reply = await verify(server, token)
    users = await server.rows("SELECT * FROM users WHERE issuer IS NOT NULL")
    return (reply.status, reply.json["error"], users) == (401, "invalid login-token", [])


@pytest.mark.parametrize("signer", SIGNERS)
async def test_accepted(outside: Server, signer: Signer) -> None:
    """Each of the three algorithms is taken, and a user is made from the claims."""
    exp = int(time.time()) + 100
    claims = {"preferred_username": "carol", "name": "Carol C.", "email": "c@d.de"}
    reply = await verify(outside, signer.token(exp=exp, **claims))
    assert reply.json == {"valid": True, "user_id": 1, "username": "carol", "expires_at": exp}
    assert await outside.rows(
        "SELECT username, fullname, email, password_hash, issuer, subject FROM users"
    ) == [("carol", "Carol C.", "c@d.de", None, ISSUER, "42")]
    again = await verify(outside, signer.token(preferred_username="renamed"))
    assert again.json["username"] == "carol"


async def test_a_later_token_brings_its_name_and_email(outside: Server) -> None:
    """What the service says of somebody is taken over when it has changed, and told; not before."""
    now = int(time.time())
    first = RSA.token(name="Carol C.", email="c@d.de", iat=now - 20)
    await verify(outside, first)
    await outside.write(lambda db: db.execute("UPDATE users SET fullname = 'Chosen here'"))
    profile = "SELECT fullname, email, email_key FROM users"
    await verify(outside, RSA.token(name="Carol C.", email="c@d.de", iat=now - 10))
    assert await outside.rows(profile) == [("Chosen here", "c@d.de", "c@d.de")]
    await verify(outside, RSA.token(name="Carol D.", email="new@d.de", iat=now - 5))
    await verify(outside, first)
    assert await outside.rows(profile) == [("Carol D.", "new@d.de", "new@d.de")]
    told = await outside.rows("SELECT body FROM log WHERE type = 'update_profile'")
    assert [b"Carol D." in body for (body,) in told] == [True, True]


async def test_an_email_that_nobody_has_verified(outside: Server) -> None:
    """It is not taken over: it may be anybody's."""
    await verify(outside, RSA.token(email="boss@d.de", email_verified=False))
    assert await outside.rows("SELECT email, email_key FROM users") == [(None, None)]


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+JWT"])
async def test_access_tokens(outside: Server, typ: str) -> None:
    """A token that says it is one for access is taken."""
    token = jwt.encode(GOOD | {"typ": "Bearer"}, RSA.private, "RS256", {"kid": "rsa", "typ": typ})
    assert (await verify(outside, token)).status == 200


@pytest.mark.parametrize("typ", ["logout+jwt", "secevent+jwt", "dpop+jwt", "refresh"])
async def test_tokens_for_something_else(outside: Server, typ: str) -> None:
    """A token of another type opens nothing, however well it is signed."""
    token = jwt.encode(GOOD, RSA.private, "RS256", {"kid": "rsa", "typ": typ})
    assert await is_refused(outside, token)


async def test_by_a_shared_secret(start: Start) -> None:
    """AUTH_SECRET takes tokens that are signed so by HS256, and no others."""
    secret = "a secret that two services share"
    server = await start(auth_secret=secret, **TRUST)
    assert (await verify(server, jwt.encode(GOOD, secret, "HS256"))).status == 200
    assert (await verify(server, jwt.encode(GOOD, secret[::-1], "HS256"))).status == 401
    assert (await verify(server, RSA.token())).status == 401


async def test_what_was_revoked_stays_so(outside: Server) -> None:
    """Logged out or deleted, nobody comes back by a token of before; by a new one they do."""
    for path in ("/auth/logout", "/auth/logout?all=true", "/auth/delete"):
        token = RSA.token()
        assert (await verify(outside, token)).status == 200
        assert (await outside.post(path, headers=Tokens(token, "").bearer)).status == 200
        assert (await verify(outside, token)).status == 401
        await outside.write(lambda db: db.execute("UPDATE revocations SET until = until - 5"))
        assert (await verify(outside, RSA.token())).status == 200
        await outside.write(lambda db: accounts.disable(db, 1))
        await outside.write(lambda db: accounts.enable(db, 1))
        assert (await verify(outside, RSA.token())).status == (200 if "del" in path else 401)
        await outside.write(lambda db: db.execute("UPDATE revocations SET until = 0"))
    rows = await outside.rows("SELECT id, deleted_at IS NULL FROM users ORDER BY id")
    assert rows == [(1, 0), (2, 1)]


@pytest.mark.parametrize("signer", SIGNERS)
@pytest.mark.parametrize("as_file", [False, True])
async def test_one_public_key(start: Start, tmp_path: Path, signer: Signer, as_file: bool) -> None:
    """AUTH_PUBLIC_KEY is a PEM, or a file with one; no `kid` is needed."""
    value = signer.pem.replace("\n", "\\n")
    if as_file:
        value = str(tmp_path / "key.pem")
        Path(value).write_text(signer.pem)
    server = await start(auth_public_key=value, **TRUST)
    assert (await verify(server, signer.token())).status == 200
    for other in SIGNERS:
        if other is not signer:
            assert (await verify(server, other.token())).status == 401


async def test_our_own_tokens_beside_them(outside: Server) -> None:
    """Our own tokens are taken as ever."""
    await outside.register("alice")
    assert await outside.is_good(await outside.login("alice"))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"iss": 1},
        {"aud": "other"},
        {"aud": None},
        {"exp": None},
        {"exp": 1},
        {"nbf": 2**40},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": "a\0b"},
        {"iat": None},
        {"nonce": "n-0S6"},
        {"typ": "ID"},
        {"typ": "Refresh"},
    ],
)
async def test_bad_claims(outside: Server, claims: dict[str, Any]) -> None:
    """Issuer, audience, subject and end must be there and right."""
    if claims == {"iss": 1}:
        token = _token(RSA, {"iss": 1, "aud": AUDIENCE, "sub": "42", "exp": 2**40})
    else:
        token = RSA.token(**claims)
    assert await is_refused(outside, token)


def _encode(value: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")


def _token(signer: Signer, claims: dict[str, Any]) -> str:
    """A signed token whose claims no library has looked at."""
    header = {"alg": signer.algorithm, "kid": signer.kid}
    signed = _encode(header) + b"." + _encode(claims)
    signature = jwt.get_algorithm_by_name(signer.algorithm).sign(signed, signer.private)
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def _hmac_token(secret: bytes, kid: str) -> str:
    """A token whose signature is an HMAC with what everybody may know."""
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "42", "exp": int(time.time()) + 60}
    signed = _encode({"alg": "HS256", "typ": "JWT", "kid": kid}) + b"." + _encode(claims)
    signature = hmac.new(secret, signed, hashlib.sha256).digest()
    return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


@pytest.mark.parametrize("signer", SIGNERS)
async def test_algorithm_confusion(outside: Server, start: Start, signer: Signer) -> None:
    """A public key is no HMAC secret, `none` is no signature, a key has one algorithm."""
    single = await start(auth_public_key=signer.pem, **TRUST)
    unsigned = jwt.encode({"iss": ISSUER, "aud": AUDIENCE, "sub": "42", "exp": 2**40}, "", "none")
    head, claims, _ = signer.token().split(".")
    none = _encode({"alg": "none", "kid": signer.kid}).decode()
    for server in (outside, single):
        assert await is_refused(server, _hmac_token(signer.pem.encode(), signer.kid))
        assert await is_refused(server, unsigned)
        assert await is_refused(server, f"{none}.{claims}.")
        assert await is_refused(server, f"{head}.{claims}.")
        assert await is_refused(server, f"{head}.{claims}.AAAA")


async def test_another_algorithm_of_the_same_key(outside: Server) -> None:
    """An RSA key verifies RS256 only, though it could do PS256 and RS512."""
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "42", "exp": int(time.time()) + 60}
    for algorithm in ("PS256", "RS512"):
        token = jwt.encode(claims, RSA.private, algorithm, {"kid": "rsa"})
        assert await is_refused(outside, token)


async def test_the_kid_of_another_key(outside: Server) -> None:
    """A `kid` chooses the key, and the wrong key verifies nothing; an unknown one is refused."""
    assert await is_refused(outside, RSA._replace(kid="ec").token())
    assert await is_refused(outside, RSA._replace(kid="unknown").token())
    stranger = Signer(ec.generate_private_key(ec.SECP256R1()), "ES256", "ec")
    assert await is_refused(outside, stranger.token())


async def test_our_secret_signs_nothing_for_them(start: Start, tmp_path: Path) -> None:
    """A token in the outside service's name is never verified by our own key."""
    secret = "a secret of at least thirty-two bytes"
    server = await start(auth_public_key=EC.pem, jwtsecret=secret, **TRUST)
    assert await is_refused(server, _hmac_token(secret.encode(), "ec"))


async def test_a_name_that_is_taken(outside: Server) -> None:
    """A taken name gets a suffix; nobody gets into an account by name or email."""
    await outside.register("alice", email="alice@example.org")
    claims = {"preferred_username": "Alice", "email": "alice@example.org"}
    reply = await verify(outside, RSA.token(**claims))
    assert reply.json["user_id"] == 2
    assert reply.json["username"].startswith("Alice-")
    rows = await outside.rows("SELECT email, issuer FROM users ORDER BY id")
    assert rows == [("alice@example.org", None), (None, ISSUER)]


@pytest.mark.parametrize(
    ("claims", "username", "fullname"),
    [
        ({}, "user", "user"),
        ({"preferred_username": 1, "nickname": ""}, "user", "user"),
        ({"email": "j.doe+x@example.org"}, "j.doe-x", "j.doe-x"),
        ({"name": "Jürgen Groß\n"}, "J-rgen-Gro", "Jürgen Groß"),
        ({"username": "." * 9 + "x" * 99}, "x" * 23, "x" * 23),
        ({"preferred_username": "--", "name": "x" * 200}, "x" * 32, "x" * 100),
        ({"name": "用户"}, "user", "用户"),
    ],
)
async def test_names_from_claims(
    outside: Server, claims: dict[str, Any], username: str, fullname: str
) -> None:
    """Whatever the claims are, the username is one that our rules allow."""
    assert (await verify(outside, ED.token(**claims))).json["username"] == username
    assert await outside.rows("SELECT fullname FROM users") == [(fullname,)]


async def test_first_seen_many_times_at_once(outside: Server) -> None:
    """However many requests arrive with the first token, one user is made."""
    token = ED.token()
    replies = await asyncio.gather(*(verify(outside, token) for _ in range(10)))
    assert {reply.json["user_id"] for reply in replies} == {1}


async def test_a_disabled_outsider(outside: Server) -> None:
    """Disabling works whoever made the token."""
    assert (await verify(outside, RSA.token())).status == 200
    await outside.write(lambda db: accounts.disable(db, 1))
    assert (await verify(outside, RSA.token())).status == 401


async def test_an_outsiders_account(outside: Server) -> None:
    """Who has no password here exports and deletes by the token, and cannot set a password."""
    headers = Tokens(RSA.token(preferred_username="carol"), "").bearer
    export = await outside.post("/auth/export", headers=headers)
    assert export.json["profile"]["username"] == "carol"
    body = {"old_password": "x", "new_password": "battery staple"}
    change = await outside.post("/auth/password", body, headers=headers)
    assert (change.status, change.text) == (403, "account has no password here")
    login = await outside.post("/auth/login", {"username": "carol", "password": "x"})
    assert (login.status, login.text) == (401, "mismatch username and password")
    assert (await outside.post("/auth/delete", headers=headers)).status == 200
    assert await outside.rows("SELECT issuer, subject, deleted_at > 0 FROM users") == [
        (None, None, 1)
    ]
