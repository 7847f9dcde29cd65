"""Where the keys of an outside auth service are looked up, and when they are looked up again."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import aiohttp

from backend.auth.keys import BadKeys, Key, Keys, parse_jwks, parse_pem, pick
from backend.logs import Journal
from backend.protocol.errors import Code, Refused
from backend.settings import BadSetting, Settings

FETCH_TIMEOUT = aiohttp.ClientTimeout(total=5)
MAX_BYTES = 256 * 1024
REFETCH_SECONDS = 60.0  # an unknown `kid` makes us ask again at most this often
RETRY_SECONDS = 5.0  # … or this often, as long as there are no keys at all
MAX_AGE_SECONDS = 600.0  # so that a key that was withdrawn is not good for ever

journal = Journal("parley.auth")


class KeySource(Protocol):
    """Gives the key that a token's `kid` names, None for a key that is not known."""

    async def find(self, kid: str | None) -> Key | None:
        """The key; raises Refused (unavailable) when no keys could be had at all."""


class SingleKey:
    """AUTH_PUBLIC_KEY or AUTH_SECRET: one key, whatever the `kid`."""

    def __init__(self, key: Key) -> None:
        self._key = key

    async def find(self, kid: str | None) -> Key | None:
        """The one key there is."""
        return self._key


class KeyFile:
    """AUTH_JWKS_FILE: read again when it has changed; a broken new version is not taken."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._version = self._stat()
        self._keys = self._read()

    async def find(self, kid: str | None) -> Key | None:
        """The key in the file as it is now."""
        try:
            version = self._stat()
            if version != self._version:
                self._keys, self._version = self._read(), version
        except (OSError, BadKeys) as error:
            text = "AUTH_JWKS_FILE is not taken anew: %(reason)s"
            journal.warning("keys_not_taken", text, reason=error)
        return pick(self._keys, kid)

    def _read(self) -> Keys:
        return parse_jwks(Path(self._path).read_bytes())

    def _stat(self) -> tuple[int, int, int]:
        found = os.stat(self._path)
        return found.st_mtime_ns, found.st_size, found.st_ino


class KeyUrl:
    """AUTH_JWKS_URL: fetched when first needed, when old, and when a `kid` is not known."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._keys: Keys = {}
        self._fetched_at = -MAX_AGE_SECONDS
        self._not_before = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, kid: str | None) -> Key | None:
        """The key of the service; raises Refused (unavailable) while none could be fetched."""
        is_old = self._clock() - self._fetched_at >= MAX_AGE_SECONDS
        if is_old or pick(self._keys, kid) is None:
            await self._refetch()
        if not self._keys:
            raise Refused(Code.UNAVAILABLE, "the auth service's keys cannot be had now")
        return pick(self._keys, kid)

    async def _refetch(self) -> None:
        async with self._lock:
            if self._clock() < self._not_before:
                return
            try:
                self._keys = parse_jwks(await self._fetch())
                self._fetched_at = self._clock()
            except (aiohttp.ClientError, TimeoutError, BadKeys) as error:
                text, reason = "AUTH_JWKS_URL gives no keys: %(reason)s", str(error)
                journal.warning("keys_not_taken", text, reason=reason or type(error).__name__)
            wait = REFETCH_SECONDS if self._keys else RETRY_SECONDS
            self._not_before = self._clock() + wait

    async def _fetch(self) -> bytes:
        async with (
            aiohttp.ClientSession(timeout=FETCH_TIMEOUT) as session,
            session.get(self._url, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise BadKeys(f"it answered {response.status}")
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise BadKeys(f"it sent more than {MAX_BYTES} bytes")
            return bytes(body)


def key_source(settings: Settings) -> KeySource | None:
    """The source that the settings name, if any; raises BadSetting."""
    if settings.auth_secret:
        return SingleKey(Key(settings.auth_secret, "HS256"))
    if settings.auth_public_key:
        return _single_key(settings.auth_public_key)
    if settings.auth_jwks_file:
        try:
            return KeyFile(settings.auth_jwks_file)
        except (OSError, BadKeys) as error:
            raise BadSetting(f"AUTH_JWKS_FILE is {settings.auth_jwks_file!r}: {error}") from None
    if settings.auth_jwks_url:
        if not settings.auth_jwks_url.startswith(("https://", "http://")):
            raise BadSetting(
                f"AUTH_JWKS_URL is {settings.auth_jwks_url!r}: expected an http(s) address"
            )
        return KeyUrl(settings.auth_jwks_url)
    return None


def _single_key(value: str) -> KeySource:
    """AUTH_PUBLIC_KEY is a PEM text (its line ends may be written as \\n) or a file with one."""
    try:
        is_text = value.lstrip().startswith("-----BEGIN")
        text = value.replace("\\n", "\n") if is_text else Path(value).read_text("utf-8")
        return SingleKey(parse_pem(text))
    except (OSError, ValueError) as error:
        raise BadSetting(f"AUTH_PUBLIC_KEY is {value[:40]!r}…: {error}") from None
