"""Checking a password: slowed when it is guessed at, equally slow for accounts that are not."""

from typing import NamedTuple

from aiohttp import web

from backend.auth import audit
from backend.auth.cookies import Cookies
from backend.auth.errors import invalid_login_token, mismatch
from backend.auth.passwords import Passwords
from backend.auth.throttle import LoginThrottle, own_key
from backend.auth.tokens import Tokens
from backend.auth.turns import Turns
from backend.http.body import texts
from backend.http.client_address import client_address, network_of
from backend.protocol.errors import Code, Refused
from backend.protocol.http.cookies import DEVICE
from backend.protocol.names import MAX_EMAIL
from backend.store import accounts
from backend.store.accounts import Account
from backend.store.database import Database
from backend.store.engine.db import Db
from backend.store.sessions import Identity
from backend.store.users import fold


class Attempt(NamedTuple):
    """A password that is tried: by which name, from where, and what is known there, if anything."""

    name: str
    address: str
    own: str | None
    password: str


class Credentials:
    """Knows whether a password is right, and how often it may be tried."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        turns: Turns,
        throttle: LoginThrottle,
        tokens: Tokens,
        cookies: Cookies,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._turns = turns
        self.throttle = throttle
        self._tokens = tokens
        self._cookies = cookies

    async def check_login(self, request: web.Request, name: str, password: str) -> Account:
        """The account of this username or email, if the password is right.

        Raises Refused: Unauthorized (`mismatch username and password`) whichever of the two is
        wrong, rate_limited, unavailable, or forbidden when the account is disabled.
        """
        address = client_address(request)

        def look_up(db: Db) -> tuple[Account | None, bool]:
            account = accounts.find_by_login(db, name)
            known = account is not None and accounts.logged_in_from(db, account.id, address)
            return account, known

        account, known = await self._database.read(look_up)
        own = self._own(request, account, known) if account is not None else None
        # of a wrong name as much is remembered as the longest right one has
        attempt = Attempt(fold(name[:MAX_EMAIL]), address, own, password)
        right = await self._try(account, attempt)
        if account is None or not right:
            raise mismatch()
        if account.disabled:
            audit.note("log in refused, the account is disabled", account.username, address)
            raise Refused(Code.FORBIDDEN, "account is disabled")
        return account

    async def confirm(
        self, request: web.Request, identity: Identity, given: str | None, field: str
    ) -> Account:
        """The account of somebody logged in who gives the password once more, in `field`.

        Users of an outside service have none here: for them their token is enough. Raises Refused
        (forbidden: `wrong password`), and as `check_login`.
        """
        account = await self._database.read(lambda db: accounts.find_by_id(db, identity.user_id))
        if account is None:
            raise invalid_login_token()
        if account.password_hash is None:
            return account
        (password,) = texts({} if given is None else {field: given}, field)
        address = client_address(request)
        own = own_key(account.id, network_of(address))
        if not await self._try(account, Attempt(fold(account.username), address, own, password)):
            raise Refused(Code.FORBIDDEN, "wrong password", field)
        return account

    def _own(self, request: web.Request, account: Account, known: bool) -> str | None:
        """What is known of who tries to log in: a device that has before, or else the address."""
        device = self._tokens.device_of(self._cookies.read(request, DEVICE), account.id)
        if device is not None:
            return f"device {device}"
        place = network_of(client_address(request))
        if known or self.throttle.remembers(account.id, place):
            return own_key(account.id, place)
        return None

    async def _try(self, account: Account | None, attempt: Attempt) -> bool:
        """Whether the password is right; raises Refused (rate_limited, unavailable)."""
        shown = account.username if account is not None else None
        place = network_of(attempt.address)
        try:
            async with self._turns.take(place, attempt.name):
                right = await self._check(account, attempt, place)
        except Refused as refused:
            audit.note(f"password not looked at ({refused.code})", shown, attempt.address)
            raise
        if not right:
            audit.note("wrong password", shown, attempt.address)
        return right

    async def _check(self, account: Account | None, attempt: Attempt, place: str) -> bool:
        keys = self.throttle.attempt(attempt.name, place, attempt.own)
        stored = account.password_hash if account is not None else None
        try:
            right = await self._passwords.verify(stored, attempt.password)
        except BaseException:
            self.throttle.take_back(keys)
            raise
        if right and account is not None:
            self.throttle.take_back(keys)
            self.throttle.remember(account.id, place)
        return right
