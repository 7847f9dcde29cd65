"""Checking a password: slowed when it is guessed at, equally slow for accounts that are not."""

from typing import NamedTuple

from aiohttp import web

from backend.auth.errors import invalid_login_token, mismatch
from backend.auth.passwords import Passwords
from backend.auth.throttle import LoginThrottle
from backend.http.body import Fields, texts
from backend.http.client_address import client_address, network_of
from backend.protocol.errors import Code, Refused
from backend.store import accounts
from backend.store.accounts import Account
from backend.store.database import Database
from backend.store.engine.db import Db
from backend.store.sessions import Identity
from backend.store.users import fold

MAX_NAME = 254  # no username or email is longer, so this much of a wrong one is remembered


class Attempt(NamedTuple):
    """A password that is tried: on whose account, from where, and whether that is usual."""

    name: str
    place: str
    known: bool
    password: str


class Credentials:
    """Knows whether a password is right, and how often it may be tried."""

    def __init__(self, database: Database, passwords: Passwords, throttle: LoginThrottle) -> None:
        self._database = database
        self._passwords = passwords
        self._throttle = throttle

    async def check_login(self, address: str, name: str, password: str) -> Account:
        """The account of this username or email, if the password is right.

        Raises Refused: Unauthorized (`mismatch username and password`) whichever of the two is
        wrong, rate_limited, unavailable, or forbidden when the account is disabled.
        """

        def look_up(db: Db) -> tuple[Account | None, bool]:
            account = accounts.find_by_login(db, name)
            known = account is not None and accounts.logged_in_from(db, account.id, address)
            return account, known

        account, known = await self._database.read(look_up)
        shown = account.username if account is not None else name[:MAX_NAME]
        attempt = Attempt(fold(shown), network_of(address), known, password)
        right = await self._try(account, attempt)
        if account is None or not right:
            raise mismatch()
        if account.disabled:
            raise Refused(Code.FORBIDDEN, "account is disabled")
        return account

    async def confirm(
        self, request: web.Request, identity: Identity, fields: Fields, field: str
    ) -> Account:
        """The account of somebody logged in who gives the password (`field`) once more.

        Users of an outside service have none here: for them their token is enough. Raises Refused
        (forbidden: `wrong password`), and as `check_login`.
        """
        account = await self._database.read(lambda db: accounts.find_by_id(db, identity.user_id))
        if account is None:
            raise invalid_login_token()
        if account.password_hash is None:
            return account
        (password,) = texts(fields, field)
        place = network_of(client_address(request))
        attempt = Attempt(fold(account.username), place, True, password)
        if not await self._try(account, attempt):
            raise Refused(Code.FORBIDDEN, "wrong password", field)
        return account

    async def _try(self, account: Account | None, attempt: Attempt) -> bool:
        """Whether the password is right; raises Refused (rate_limited, unavailable)."""
        key = self._throttle.attempt(attempt.name, attempt.place, attempt.known)
        stored = account.password_hash if account is not None else None
        try:
            right = await self._passwords.verify(stored, attempt.password)
        except BaseException:
            self._throttle.dropped(key)
            raise
        if right:
            self._throttle.succeeded(key, attempt.name, attempt.place)
        else:
            self._throttle.failed(attempt.place)
        return right
