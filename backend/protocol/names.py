"""What names and addresses may be, wherever they are given: over HTTP or on the socket."""

import re
import unicodedata

from backend.protocol.errors import Code, Refused

USERNAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,30}[A-Za-z0-9_])?")
USERNAME_RULE = "username should be 1 to 32 letters, digits, '.', '_' or '-'"
# Marks that turn the direction of what follows, and letters that show nothing.
TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
NOT_IN_NAMES = re.compile(f"[{TURNING}{FILLERS}]")
# Not the whole of RFC 5321: one @, a dotted host, nothing that could break a header.
MAX_EMAIL = 254  # RFC 5321, 4.5.3.1.3
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


def is_blank(text: str) -> bool:
    """Whether nothing of a text is to be seen: spaces, joiners, fillers, control characters."""
    for each in text:  # most texts are known by their first character: no generator for that
        if each not in FILLERS and unicodedata.category(each)[0] not in "ZCM":
            return False
    return True


def is_name(text: str) -> bool:
    """Whether a text is one line that shows something, and turns nothing around."""
    if NOT_IN_NAMES.search(text) or any(map(is_control, text)):
        return False
    return not is_blank(text)


def check_name(name: str) -> str:
    """The name of a group, if it can be one."""
    if not is_name(name):
        text = "name: expected one line of printable characters"
        raise Refused(Code.INVALID_REQUEST, text, "name")
    return name


def check_content(content: str) -> str:
    """The text of a message, if there is anything to be seen."""
    if is_blank(content):
        text = "content: expected something to be seen"
        raise Refused(Code.INVALID_REQUEST, text, "content")
    return content


def check_fullname(fullname: str, limit: int) -> str:
    """The full name, if it has at most `limit` characters, in one line that shows something."""
    if len(fullname) > limit or not is_name(fullname):
        text = f"fullname should be 1 to {limit} printable characters"
        raise Refused(Code.INVALID_REQUEST, text, "fullname")
    return fullname


def check_email(email: str) -> str:
    """The address, if it looks like one."""
    if len(email) > MAX_EMAIL or not EMAIL.fullmatch(email):
        text = "email should be an address such as alice@example.org"
        raise Refused(Code.INVALID_REQUEST, text, "email")
    return email
