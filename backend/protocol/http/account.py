"""What somebody does with their own account over HTTP."""

from typing import Any

from backend.protocol.errors import Code
from backend.protocol.http.cookies import LOGIN, REFRESH
from backend.protocol.http.endpoint import Answer, Body, Content, Endpoint, Problem, Who
from backend.protocol.http.session import BUSY, GUESSED, Given
from backend.protocol.models import Thing

Row = dict[str, Any]


class PasswordChange(Body, frozen=True):
    """The password, and the one it is to be; the rules are those of `POST /register`."""

    old_password: Given
    new_password: Given


class Confirmation(Body, frozen=True):
    """The password once more; only who comes with an outside service's token has none to give."""

    password: str | None = None


class Export(Thing, frozen=True):
    """All of a user's data: their profile, and lists; times are Unix seconds."""

    profile: Row
    sessions: tuple[Row, ...]
    contacts: tuple[Row, ...]
    contact_requests: tuple[Row, ...]
    blocked: tuple[Row, ...]
    conversations: tuple[Row, ...]
    reactions: tuple[Row, ...]
    reports: tuple[Row, ...]
    files: tuple[Row, ...]
    messages: tuple[Row, ...]


WRONG = Problem(Code.FORBIDDEN, "the password is wrong")

CHANGE_PASSWORD = Endpoint(
    name="change_password",
    method="POST",
    path="/auth/password",
    says="Set a new password for the old one; every other session ends.",
    example="""curl -b jar localhost:8000/auth/password \\
  -d '{"old_password": "correct horse", "new_password": "battery staple"}'""",
    who=Who.LOGGED_IN,
    body=(Content("application/json", (PasswordChange,)),),
    answers=(Answer(200, text="password changed"),),
    problems=(
        WRONG,
        Problem(Code.FORBIDDEN, "the account is an outside service's, with no password here"),
        GUESSED,
        BUSY,
    ),
)
EXPORT = Endpoint(
    name="export",
    method="POST",
    path="/auth/export",
    says="""Send who asks everything that is theirs.

It is streamed; if the database fails on the way the connection is cut, so that half of it cannot
pass for the whole.""",
    example="""curl -b jar localhost:8000/auth/export -d '{"password": "correct horse"}'""",
    who=Who.LOGGED_IN,
    body=(Content("application/json", (Confirmation,)),),
    answers=(Answer(200, data=Export, headers=("Content-Disposition",)),),
    problems=(WRONG, GUESSED, BUSY),
)
DELETE = Endpoint(
    name="delete_account",
    method="POST",
    path="/auth/delete",
    says="Delete the account of who asks, for good; its name is not given out again.",
    example="""curl -b jar localhost:8000/auth/delete -d '{"password": "correct horse"}'""",
    who=Who.LOGGED_IN,
    body=(Content("application/json", (Confirmation,)),),
    answers=(Answer(200, text="deleted"),),
    problems=(WRONG, GUESSED, BUSY),
    clears=(LOGIN, REFRESH),
)

ENDPOINTS = (CHANGE_PASSWORD, EXPORT, DELETE)
