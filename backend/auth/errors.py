"""The refusals of somebody who is not logged in, or fails to."""

from backend.protocol.errors import Unauthorized


def login_token_required() -> Unauthorized:
    """The request carries no token."""
    return Unauthorized("login-token required")


def invalid_login_token() -> Unauthorized:
    """The token is not ours, has expired, or its session is over; which, is not told."""
    return Unauthorized("invalid login-token")


def mismatch() -> Unauthorized:
    """No such user, or another password; which, is not told."""
    return Unauthorized("mismatch username and password")
