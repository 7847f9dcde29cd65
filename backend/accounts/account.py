"""What somebody does with their own account: /auth/password and /auth/delete."""

from aiohttp import web

from backend.accounts.services import Services
from backend.auth import audit
from backend.auth.passwords import check_password
from backend.http.body import read_body
from backend.http.client_address import client_address, network_of
from backend.http.responses import answer
from backend.lifecycle import delete_account as lifecycle
from backend.protocol.errors import Code, Refused
from backend.protocol.http.account import CHANGE_PASSWORD, DELETE, Confirmation, PasswordChange
from backend.store import accounts, sessions
from backend.store.engine.db import Db


async def change_password(services: Services, request: web.Request) -> web.Response:
    """Set a new password for the old one; every other session ends."""
    identity = await services.identities.require_live(request)
    body = await read_body(request, PasswordChange)
    check_password(body.new_password, services.settings.password_min_length, "new_password")
    given = body.old_password
    account = await services.credentials.confirm(request, identity, given, "old_password")
    if account.password_hash is None:
        raise Refused(Code.FORBIDDEN, "account has no password here")
    address = client_address(request)
    async with services.turns.take(network_of(address), account.username):
        new_hash = await services.passwords.hash(body.new_password)

    def change(db: Db) -> bool:
        changed = accounts.replace_password(db, account, new_hash)
        if changed:
            sessions.end_all(db, account.id, "revoked", keep=identity.session_id)
        return changed

    if not await services.database.write(change):
        raise Refused(Code.FORBIDDEN, "wrong password", "old_password")
    audit.note("password changed, other sessions ended", account.username, address)
    return answer(request, CHANGE_PASSWORD.ok)


async def delete_account(services: Services, request: web.Request) -> web.Response:
    """Delete the account of who asks, for the password."""
    identity = await services.identities.require_live(request)
    given = (await read_body(request, Confirmation)).password
    account = await services.credentials.confirm(request, identity, given, "password")
    deleted = await services.database.write(lambda db: _delete(db, account))
    if not deleted:
        raise Refused(Code.FORBIDDEN, "wrong password", "password")
    response = answer(request, DELETE.ok)
    audit.note("account deleted", account.username, client_address(request))
    services.cookies.clear(request, response)
    return response


def _delete(db: Db, account: accounts.Account) -> bool:
    """Delete it, unless it changed while the password was being checked."""
    if not accounts.is_current(db, account):
        return False
    lifecycle.delete_account(db, account.id)
    return True
