"""Where the outside service's keys come from, and when they are looked at again."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from backend.auth import key_sources
from backend.auth.key_sources import KeyFile, KeyUrl, key_source
from backend.auth.keys import BadKeys, parse_jwks, parse_pem, pick
from backend.protocol.errors import Code, Refused
from backend.settings import BadSetting, Settings
from tests.auth.service import EC, ED, RSA, SIGNERS, jwk_of, key_set, showing
from tests.auth.test_throttle import Clock


def test_a_key_fixes_its_algorithm() -> None:
    """The algorithm comes from the kind of key."""
    keys = parse_jwks(key_set(*SIGNERS).encode())
    assert {kid: key.algorithm for kid, key in keys.items()} == {
        "rsa": "RS256",
        "ec": "ES256",
        "ed": "EdDSA",
    }
    assert [parse_pem(signer.pem).algorithm for signer in SIGNERS] == ["RS256", "ES256", "EdDSA"]


@pytest.mark.parametrize(
    "entry",
    [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "x"},
        jwk_of(RSA.private) | {"kid": "x"},
        jwk_of(ec.generate_private_key(ec.SECP384R1()).public_key()),
        RSA.jwk | {"use": "enc"},
        RSA.jwk | {"alg": "PS256"},
        RSA.jwk | {"n": None},
        {"kty": "EC", "crv": "P-256"},
        {"kty": ["RSA"]},
        {},
        [],
        None,
    ],
)
def test_keys_that_are_left_out(entry: Any) -> None:
    """Secret keys and those of other kinds are left out, the others stay."""
    assert list(parse_jwks(key_set(entry, ED).encode())) == ["ed"]


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"keys": 1}', b"\xff", b"[" * 9999])
def test_no_key_set(text: bytes) -> None:
    """What is no key set is refused with what was expected."""
    with pytest.raises(BadKeys, match="expected"):
        parse_jwks(text)


def test_picking() -> None:
    """A `kid` names a key; without one there must be no choice."""
    keys = parse_jwks(key_set(RSA, ED).encode())
    assert pick(keys, "ed") == keys["ed"]
    assert pick(keys, None) is None
    assert pick(keys, "other") is None
    alone = parse_jwks(key_set(ED).encode())
    assert pick(alone, None) == alone["ed"]
    assert pick(alone, "other") is None
    nameless = {name: value for name, value in ED.jwk.items() if name != "kid"}
    unnamed = parse_jwks(key_set(nameless).encode())
    assert pick(unnamed, "any") == pick(unnamed, None) == unnamed[None]


async def test_a_file_that_changes(tmp_path: Path) -> None:
    """New keys are taken at once, a broken file is not, and a withdrawn key is gone."""
    path = tmp_path / "keys.json"
    path.write_text(key_set(RSA))
    keys = KeyFile(str(path))
    assert await keys.find("rsa")
    assert await keys.find("ed") is None
    _replace(path, key_set(ED))
    assert await keys.find("ed")
    assert await keys.find("rsa") is None
    _replace(path, "broken")
    assert await keys.find("ed")
    path.unlink()
    assert await keys.find("ed")


def _replace(path: Path, text: str) -> None:
    """Put a new file in the place of the old one, as deployments do."""
    draft = path.with_suffix(".new")
    draft.write_text(text)
    os.replace(draft, path)


async def test_an_address() -> None:
    """Keys are fetched once; an unknown `kid` asks again, at most once a minute."""
    clock = Clock()
    async with showing(key_set(RSA)) as shown:
        keys = KeyUrl(shown.url, clock)
        assert await keys.find("rsa")
        assert await keys.find("rsa")
        assert shown.asked == 1
        shown.text = key_set(ED)
        for _ in range(5):
            assert await keys.find("ed") is None
        assert shown.asked == 1
        clock.now += 60
        assert await keys.find("ed")
        for number in range(5):
            assert await keys.find(f"unknown {number}") is None
        assert shown.asked == 2
        assert await keys.find("rsa") is None


async def test_a_withdrawn_key() -> None:
    """A key that the service no longer shows is not good for ever."""
    clock = Clock()
    async with showing(key_set(RSA)) as shown:
        keys = KeyUrl(shown.url, clock)
        assert await keys.find("rsa")
        shown.text = key_set(EC)
        clock.now += key_sources.MAX_AGE_SECONDS
        assert await keys.find("rsa") is None
        assert await keys.find("ec")


@pytest.mark.parametrize(
    ("status", "text"), [(500, key_set(RSA)), (302, ""), (200, "no"), (200, " " * 300_000)]
)
async def test_a_service_in_trouble(status: int, text: str) -> None:
    """Without keys it is unavailable, and soon tried again; keys once had stay good."""
    clock = Clock()
    async with showing(text) as shown:
        shown.status = status
        keys = KeyUrl(shown.url, clock)
        for _ in range(3):
            with pytest.raises(Refused) as caught:
                await keys.find("rsa")
            assert caught.value.code is Code.UNAVAILABLE
        assert shown.asked == 1
        shown.status, shown.text = 200, key_set(RSA)
        clock.now += 5
        assert await keys.find("rsa")
        shown.status, shown.text = status, text
        clock.now += 10_000
        assert await keys.find("rsa")
        assert shown.asked == 3


async def test_a_service_that_is_down() -> None:
    """Nobody listening is told as unavailable too."""
    async with showing("") as shown:
        pass
    with pytest.raises(Refused) as caught:
        await KeyUrl(shown.url).find("rsa")
    assert caught.value.code is Code.UNAVAILABLE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTH_JWKS_FILE", "/nowhere/keys.json"),
        ("AUTH_JWKS_FILE", os.devnull),
        ("AUTH_JWKS_URL", "file:///etc/passwd"),
        ("AUTH_PUBLIC_KEY", "/nowhere/key.pem"),
        ("AUTH_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----\nno"),
        ("AUTH_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----\n\udcff"),
    ],
)
def test_bad_settings(name: str, value: str) -> None:
    """What cannot be used stops the start, by the setting's name."""
    with pytest.raises(BadSetting, match=name):
        key_source(msgspec.convert({name: value}, Settings))


def test_no_outside_service() -> None:
    """Without settings there is none."""
    assert key_source(Settings()) is None


async def test_a_short_rsa_key_verifies_nothing() -> None:
    """RSA keys under 2048 bits are too weak to be believed."""
    weak = rsa.generate_private_key(65537, 1024)
    entry = jwk_of(weak.public_key()) | {"kid": "weak"}
    assert parse_jwks(key_set(entry).encode()) == {}
