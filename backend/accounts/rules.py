"""What usernames, names, emails and passwords may look like; the texts are part of the contract."""

import re
import unicodedata

from backend.accounts.passwords import MAX_BYTES
from backend.protocol.errors import Code, Refused

USERNAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9._-]{0,30}[A-Za-z0-9_])?")
EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[\w-]+(\.[\w-]+)+")
MAX_EMAIL = 254  # RFC 5321


def check_username(username: str) -> None:
    """Raises Refused unless it is made of letters, digits and marks, none at an end but _."""
    if USERNAME.fullmatch(username) is None:
        text = "username should be 1 to 32 letters, digits, '.', '_' or '-'"
        raise Refused(Code.INVALID_REQUEST, text, "username")


def check_password(password: str, min_length: int, field: str = "password") -> None:
    """Raises Refused unless it is long enough in characters and short enough in bytes."""
    if len(password) < min_length:
        text = f"{field} should have at least {min_length} characters"
        raise Refused(Code.INVALID_REQUEST, text, field)
    if len(password.encode()) > MAX_BYTES:
        text = f"{field} should have at most {MAX_BYTES} bytes"
        raise Refused(Code.INVALID_REQUEST, text, field)


def check_fullname(fullname: str, max_length: int) -> None:
    """Raises Refused unless it has at most `max_length` code points, none a control character."""
    if len(fullname) > max_length:
        text = f"fullname should have at most {max_length} characters"
        raise Refused(Code.INVALID_REQUEST, text, "fullname")
    if any(is_control(character) for character in fullname):
        text = "fullname should not contain control characters"
        raise Refused(Code.INVALID_REQUEST, text, "fullname")


def check_email(email: str) -> None:
    """Raises Refused unless it looks like an address; whether mail arrives is not tried."""
    if len(email) > MAX_EMAIL or not is_email(email):
        text = "email should be an address such as name@example.org"
        raise Refused(Code.INVALID_REQUEST, text, "email")


def is_email(text: str) -> bool:
    """Whether it looks like an email address."""
    return EMAIL.fullmatch(text) is not None and not any(map(is_control, text))


def is_control(character: str) -> bool:
    """Whether it is a control character, a line end, or unassigned to any text."""
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
