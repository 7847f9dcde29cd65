"""The key that our own tokens are signed with."""

import os
import secrets
from pathlib import Path

from backend.logs import Journal
from backend.settings import BadSetting, Settings

MIN_BYTES = 32  # RFC 7518, 3.2: a key as long as the hash
journal = Journal("parley.auth")


def load_secrets(settings: Settings) -> tuple[str, ...]:
    """The secret that tokens are signed with, then the one before, whose tokens are still taken.

    Raises BadSetting as `load_secret`.
    """
    for name, value in (
        ("JWTSECRET", settings.jwtsecret),
        ("JWTSECRET_OLD", settings.jwtsecret_old),
    ):
        if 0 < len(value.encode()) < MIN_BYTES:
            text = "%(setting)s has less than %(bytes)d bytes: it can be guessed"
            journal.warning("short_secret", text, setting=name, bytes=MIN_BYTES)
    old = (settings.jwtsecret_old,) if settings.jwtsecret_old else ()
    return (load_secret(settings), *old)


def load_secret(settings: Settings) -> str:
    """JWTSECRET, or the secret in the file beside the database, made now if there is none.

    Raises BadSetting when the file does not hold one.
    """
    if settings.jwtsecret:
        return settings.jwtsecret
    path = secret_path(settings.dbpath)
    if not path.exists():
        _make(path)
    secret = path.read_text("ascii", "replace").strip()
    if len(secret) < MIN_BYTES:
        raise BadSetting(f"{path} is shorter than {MIN_BYTES} bytes: delete it for a new secret")
    return secret


def secret_path(dbpath: str) -> Path:
    """Where the secret of a database is kept: one each, or tokens of one would open the other."""
    return Path(f"{dbpath}.secret")


def _make(path: Path) -> None:
    """Write a new secret, unless another process is first: then theirs stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
