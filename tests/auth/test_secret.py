"""The key of our tokens."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jwt
import pytest

from backend.auth.secret import load_secret, load_secrets, secret_path
from backend.auth.tokens import Tokens
from backend.protocol.errors import Unauthorized
from backend.settings import BadSetting, Settings
from backend.store.sessions import Identity

GIVEN = "a secret of at least thirty-two bytes"
OLD = "another secret of at least thirty-two bytes"
DOCUMENTS = "This is a custom jwt secret"


def test_a_given_secret(tmp_path: Path) -> None:
    """JWTSECRET is used as it is, and no file is made."""
    settings = Settings(dbpath=str(tmp_path / "chat.db"), jwtsecret=GIVEN)
    assert load_secret(settings) == GIVEN
    assert not list(tmp_path.iterdir())


def test_a_made_secret(tmp_path: Path) -> None:
    """Without one, a random one is made for the owner only, once, and nothing else is left."""
    settings = Settings(dbpath=str(tmp_path / "data" / "chat.db"))
    secret = load_secret(settings)
    assert len(secret) >= 32
    assert load_secret(settings) == secret
    path = secret_path(settings.dbpath)
    assert list(path.parent.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    other = Settings(dbpath=str(tmp_path / "data" / "other.db"))
    assert load_secret(other) != secret


def test_two_at_once(tmp_path: Path) -> None:
    """Processes that start together end up with the same secret."""
    settings = Settings(dbpath=str(tmp_path / "chat.db"))
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: load_secret(settings), range(16)))
    assert len(secrets) == 1
    assert list(tmp_path.iterdir()) == [secret_path(settings.dbpath)]


def test_a_broken_file(tmp_path: Path) -> None:
    """A file that holds no secret stops the start, and is named."""
    settings = Settings(dbpath=str(tmp_path / "chat.db"))
    secret_path(settings.dbpath).write_text("short")
    with pytest.raises(BadSetting, match=r"chat\.db\.secret is shorter than 32 bytes"):
        load_secret(settings)


def test_a_short_secret(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The document's own, of 27 bytes, is taken with a warning that does not show it."""
    settings = Settings(dbpath=str(tmp_path / "chat.db"), jwtsecret=DOCUMENTS)
    assert load_secrets(settings) == (DOCUMENTS,)
    assert "JWTSECRET has less than 32 bytes" in caplog.text
    assert DOCUMENTS not in caplog.text
    token = Tokens((DOCUMENTS,), 60).sign(Identity(1, "alice", 1, 2**33))
    with pytest.warns(jwt.InsecureKeyLengthWarning):  # by the secret as it was given
        claims = jwt.decode(token, DOCUMENTS, ["HS256"], audience="parley")
    assert claims["username"] == "alice"


def test_two_secrets(tmp_path: Path) -> None:
    """The new one signs, both verify, until the old one is dropped."""
    identity = Identity(1, "alice", 1, 2**33)
    settings = Settings(dbpath=str(tmp_path / "chat.db"), jwtsecret=GIVEN, jwtsecret_old=OLD)
    before, both, after = (Tokens(each, 60) for each in ((OLD,), load_secrets(settings), (GIVEN,)))
    for tokens in (both, after):
        assert tokens.verify(both.sign(identity)).user_id == 1
    assert both.verify(before.sign(identity)).user_id == 1
    for signed, verifier in ((before, after), (both, before)):
        with pytest.raises(Unauthorized):
            verifier.verify(signed.sign(identity))
