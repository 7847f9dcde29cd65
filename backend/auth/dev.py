"""Being somebody without a password, where clients are written: DEV=1, on this machine alone."""

from aiohttp import web

from backend.auth.errors import invalid_login_token
from backend.auth.tokens import MAX_EXPIRY
from backend.http.local import is_local
from backend.protocol.names import check_username
from backend.settings import Settings
from backend.store import accounts
from backend.store.accounts import Account, NewAccount
from backend.store.database import Database
from backend.store.engine.db import Db
from backend.store.sessions import Identity

USER_ID, USERNAME = "X-User-ID", "X-Username"


class Dev:
    """Takes the headers of document 004's dev mode."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database = database
        self._reachable_by = settings.reachable_by

    async def identify(self, request: web.Request) -> Identity | None:
        """Whom the headers name; None without them, or from elsewhere than this machine.

        With `X-Username` it is the account of that name, made now if there is none (the id is then
        another service's); without, the account with that id. `session_id` is 0. Raises Refused:
        Unauthorized when there is no such account, invalid_request for what is no username.
        """
        user_id = request.headers.get(USER_ID)
        if user_id is None or not is_local(request):
            return None
        name = request.headers.get(USERNAME)
        account = await (self._by_id(user_id) if name is None else self._by_name(name))
        if account is None or account.disabled:
            raise invalid_login_token()
        return Identity(account.id, account.username, 0, MAX_EXPIRY)

    async def _by_id(self, user_id: str) -> Account | None:
        if not user_id.isdecimal() or len(user_id) > 15:
            return None
        return await self._database.read(lambda db: accounts.find_by_id(db, int(user_id)))

    async def _by_name(self, name: str) -> Account | None:
        check_username(name)
        found = await self._database.read(lambda db: accounts.find_by_login(db, name))
        return found or await self._database.write(lambda db: self._make(db, name))

    def _make(self, db: Db, name: str) -> Account | None:
        """The account of that name, new if nobody has it; None if it was somebody's."""
        found = accounts.find_by_login(db, name)
        if found is None and not accounts.username_taken(db, name):
            accounts.create(db, NewAccount(name, name, reachable_by=self._reachable_by))
            found = accounts.find_by_login(db, name)
        return found
