"""Passwords on the command line: asked for, never an argument that `ps` shows to everybody."""

import asyncio
import getpass
import sys

from backend.auth.passwords import Passwords, check_password
from backend.commands.database import CannotDo
from backend.settings import Settings


def read_password(settings: Settings) -> str:
    """A new password: asked for twice on a terminal, else the first line of the input.

    Raises CannotDo, or Refused as /register does.
    """
    if sys.stdin.isatty():
        password = getpass.getpass("New password: ")
        if getpass.getpass("Again: ") != password:
            raise CannotDo("the two passwords differ")
    else:
        password = _first_line()
    check_password(password, settings.password_min_length)
    return password


def _first_line() -> str:
    try:
        return sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise CannotDo("the password on the input is not UTF-8") from None


def hash_password(password: str) -> str:
    """The hash to store."""
    passwords = Passwords(1)
    try:
        return asyncio.run(passwords.hash(password))
    finally:
        passwords.close()
