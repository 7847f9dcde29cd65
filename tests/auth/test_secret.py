"""The key of our tokens."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backend.auth.secret import load_secret, secret_path
from backend.settings import BadSetting, Settings

GIVEN = "a secret of at least thirty-two bytes"


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
