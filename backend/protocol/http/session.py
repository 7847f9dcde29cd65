"""Accounts over HTTP: register, log in, stay so, log out."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from backend.protocol.base import Name
from backend.protocol.errors import Code
from backend.protocol.http.cookies import DEVICE, LOGIN, REFRESH
from backend.protocol.http.endpoint import (
    Answer,
    Body,
    Content,
    Endpoint,
    Parameter,
    Problem,
    Who,
)
from backend.protocol.models import Thing
from backend.protocol.names import EMAIL, MAX_EMAIL, USERNAME

Given = Annotated[str, Meta(min_length=1)]
NewUsername = Annotated[str, Meta(pattern=f"^{USERNAME.pattern}$")]
Email = Annotated[str, Meta(pattern=f"^{EMAIL.pattern}$", max_length=MAX_EMAIL)]

GUESSED = Problem(Code.RATE_LIMITED, "too many wrong passwords, or too many that wait")
BUSY = Problem(Code.UNAVAILABLE, "too many passwords wait to be looked at")


class NewAccount(Body, frozen=True):
    """An account to be made.

    `username` has 1 to 32 letters, digits, `.`, `_` or `-`, is unique without regard to case, and
    stays. `password` has at least `PASSWORD_MIN_LENGTH` characters and at most 1024 bytes, and is
    none of the most common ones. `fullname` is one line. `email` may be logged in with. `invite` is
    a code, where `REGISTRATION` asks for one.
    """

    username: NewUsername
    password: Given
    fullname: Name
    email: Email | None = None
    invite: str | None = None


class Credentials(Body, frozen=True):
    """A username (or email) and its password."""

    username: Given
    password: Given


class EitherCredentials(Body, frozen=True):
    """The same, where the first field says that it may be either."""

    usernameOrEmail: Given
    password: Given


class RefreshToken(Body, frozen=True):
    """A refresh token, for who has no cookie with it."""

    refresh_token: str | None = None


class Tokens(Thing, frozen=True, kw_only=True):
    """Who is logged in, and with what. `access_token` is good for `expires_in` seconds.

    `refresh_token` is told at log in, and to who sent the old one in the body: from a cookie,
    scripts are not to see it. `warning` says, at log in, why a page's browser drops the cookies.
    """

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  (RFC 6750, 4)
    expires_in: int
    id: int
    username: str
    refresh_token: str | UnsetType = UNSET
    warning: str | UnsetType = UNSET


class Verified(Thing, frozen=True, kw_only=True):
    """Whom the token names, and until when, in Unix seconds."""

    valid: Literal[True] = True
    user_id: int
    username: str
    expires_at: int


REGISTER = Endpoint(
    name="register",
    method="POST",
    path="/register",
    says="Make an account.",
    example="""curl localhost:8000/register \\
  -d '{"username": "alice", "password": "correct horse", "fullname": "Alice"}'""",
    body=(Content("application/json", (NewAccount,)),),
    answers=(Answer(201, text="registered"),),
    problems=(
        Problem(Code.FORBIDDEN, "`REGISTRATION` is closed, or `invite` is missing or not good"),
        Problem(Code.ALREADY_EXISTS, "the username is somebody's, or was"),
        Problem(Code.RATE_LIMITED, "over `REGISTER_ATTEMPTS`, or too many passwords that wait"),
        BUSY,
    ),
)
LOG_IN = Endpoint(
    name="login",
    method="POST",
    path="/auth/login",
    says="Begin a session.",
    example="""curl -c jar localhost:8000/auth/login \\
  -d '{"username": "alice", "password": "correct horse"}'""",
    body=(Content("application/json", (Credentials, EitherCredentials)),),
    answers=(Answer(202, text="login successful", data=Tokens),),
    problems=(
        Problem(Code.UNAUTHORIZED, "no such user, or another password; which, is not told"),
        Problem(Code.FORBIDDEN, "the password is right, and the account disabled"),
        GUESSED,
        BUSY,
    ),
    sets=(LOGIN, REFRESH, DEVICE),
)
REFRESH_TOKENS = Endpoint(
    name="refresh",
    method="POST",
    path="/auth/refresh",
    says="""New tokens for the refresh token, which is used up; the session lasts anew from now.

Two tabs may do this at once: for ten seconds the same token gives the same ones. Later it ends the
session, because somebody has a copy.""",
    example="curl -b jar -c jar -X POST localhost:8000/auth/refresh",
    who=Who.REFRESHING,
    body=(Content("application/json", (RefreshToken,)),),
    answers=(Answer(200, text="refreshed", data=Tokens),),
    sets=(LOGIN, REFRESH),
)
VERIFY = Endpoint(
    name="verify",
    method="GET",
    path="/auth/verify",
    says="Say whom the token names, if its session lives.",
    example="curl -b jar localhost:8000/auth/verify",
    who=Who.LOGGED_IN,
    answers=(Answer(200, text="Hello, {username}", data=Verified),),
)
LOG_OUT = Endpoint(
    name="logout",
    method="POST",
    path="/auth/logout",
    says="""End this session, or every session of the user; their sockets close at once.

When the login token has expired, the cookie `refresh-token` says whose session it is.""",
    example="curl -b jar -c jar -X POST 'localhost:8000/auth/logout?all=true'",
    who=Who.LOGGED_IN,
    parameters=(Parameter("all", "query", "`true` ends every session", Literal["true", "false"]),),
    answers=(Answer(200, text="logged out"),),
    problems=(Problem(Code.INVALID_REQUEST, "`all` is neither `true` nor `false`"),),
    clears=(LOGIN, REFRESH),
)

ENDPOINTS = (REGISTER, LOG_IN, REFRESH_TOKENS, VERIFY, LOG_OUT)
