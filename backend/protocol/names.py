"""What names and addresses may be, wherever they are given: over HTTP or on the socket."""

import re
import unicodedata

from backend.protocol.errors import Code, Refused

USERNAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,30}[A-Za-z0-9_])?")
USERNAME_RULE = "username should be 1 to 32 letters, digits, '.', '_' or '-'"
# Not the whole of RFC 5321: one @, a dotted host, nothing that could break a header.
EMAIL = re.compile(r"[^\s@<>\x00-\x1f]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def check_username(username: str) -> str:
    """The username, if it can be one; ASCII, first and last not '.' or '-'."""
    if not USERNAME.fullmatch(username):
        raise Refused(Code.INVALID_REQUEST, USERNAME_RULE, "username")
    return username


def is_control(character: str) -> bool:
    """Whether a character is a control character, a lone surrogate or a line's end.

    Joiners are none: Persian names and composed emoji are written with them.
    """
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def check_fullname(fullname: str, limit: int) -> str:
    """The full name, if it has at most `limit` characters and no control characters."""
    if not fullname.strip() or len(fullname) > limit or any(map(is_control, fullname)):
        text = f"fullname should be 1 to {limit} printable characters"
        raise Refused(Code.INVALID_REQUEST, text, "fullname")
    return fullname


def check_email(email: str) -> str:
    """The address, if it looks like one."""
    if len(email) > 254 or not EMAIL.fullmatch(email):
        text = "email should be an address such as alice@example.org"
        raise Refused(Code.INVALID_REQUEST, text, "email")
    return email
