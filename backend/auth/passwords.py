"""Passwords: hashed by Argon2id, off the event loop, a few at a time.

The parameters are OWASP's (Password Storage Cheat Sheet: m=19 MiB, t=2, p=1).
"""

import asyncio
import functools
import os
import secrets
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backend.protocol.errors import Code, Refused

MAX_BYTES = 1024
NICENESS = 5
MEMORY_KIB = 19 * 1024
HASHER = PasswordHasher(time_cost=2, memory_cost=MEMORY_KIB, parallelism=1)


def check_password(password: str, min_length: int, field: str = "password") -> None:
    """Raises Refused unless it is long enough, in characters, not too long, in bytes, and rare."""
    if len(password) < min_length:
        text = f"{field} should have at least {min_length} characters"
        raise Refused(Code.INVALID_REQUEST, text, field)
    if len(password.encode()) > MAX_BYTES:
        text = f"{field} should have at most {MAX_BYTES} bytes"
        raise Refused(Code.INVALID_REQUEST, text, field)
    if password.casefold() in common_passwords():
        text = f"{field} is one of the most common ones, which are tried first"
        raise Refused(Code.INVALID_REQUEST, text, field)


@functools.cache
def common_passwords() -> frozenset[str]:
    """The passwords that are tried first, of eight characters and more, folded."""
    text = Path(__file__).with_name("common_passwords.txt").read_text("utf-8")
    return frozenset(text.casefold().splitlines())


@functools.cache
def nobodys() -> str:
    """The hash of a password that nobody knows, to verify against where there is none."""
    return HASHER.hash(secrets.token_hex())


class Passwords:
    """Hashes and verifies with `workers` threads; who may when is for Turns to say."""

    def __init__(self, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers, "password", _give_way)
        nobodys()  # or the first to ask for a name that is not there would wait for it

    async def hash(self, password: str) -> str:
        """The hash to store, parameters and salt included."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, HASHER.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one of the stored hash.

        Without a hash (nobody has that name) it does the same work, so that the time taken does
        not tell who has an account.
        """
        loop, known = asyncio.get_running_loop(), stored or nobodys()
        right = await loop.run_in_executor(self._pool, self._matches, known, password)
        return right and stored is not None

    def is_outdated(self, stored: str | None) -> bool:
        """Whether there is a hash, made with other parameters than today's."""
        return stored is not None and HASHER.check_needs_rehash(stored)

    def close(self) -> None:
        """Take no more; what waits is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return HASHER.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def _give_way() -> None:
    """Let this thread run when the event loop does not; only Linux knows threads' priorities."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
