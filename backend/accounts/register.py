"""POST /register."""

from aiohttp import web

from backend.accounts.services import Services
from backend.auth import audit
from backend.auth.passwords import check_password
from backend.http.body import read_body
from backend.http.client_address import client_address, network_of
from backend.http.responses import answer
from backend.protocol.errors import Code, Refused
from backend.protocol.http.session import REGISTER, NewAccount
from backend.protocol.names import check_email, check_fullname, check_username
from backend.settings import Settings
from backend.store import accounts, invites
from backend.store.accounts import Taken
from backend.store.engine.db import Db


async def register(services: Services, request: web.Request) -> web.Response:
    """Make an account."""
    body = await read_body(request, NewAccount)
    username, email, invite = body.username, body.email or None, body.invite or ""
    check_username(username)
    check_password(body.password, services.settings.password_min_length)
    check_fullname(body.fullname, services.settings.max_name_length)
    if email is not None:
        check_email(email)
    _slow_down(services, request)
    await _check_invited(services, invite)
    if await services.database.read(lambda db: accounts.username_taken(db, username)):
        raise _taken()
    address = client_address(request)
    async with services.turns.take(network_of(address), username):
        password_hash = await services.passwords.hash(body.password)
    reachable_by = services.settings.reachable_by
    new = accounts.NewAccount(
        username, body.fullname, password_hash, email, reachable_by=reachable_by
    )
    try:
        used = invite if _registers(services.settings) == "invite" else None
        await services.database.write(lambda db: _create(db, new, used))
    except Taken:
        raise _taken() from None
    audit.note("registered", username, address)
    return answer(request, REGISTER.ok)


def _slow_down(services: Services, request: web.Request) -> None:
    """Count it for the address, whatever comes of it: a refusal tells who is here, too."""
    place = network_of(client_address(request))
    services.registrations.check(place)
    services.registrations.count(place)


def _taken() -> Refused:
    return Refused(Code.ALREADY_EXISTS, "username already exists", "username")


def _registers(settings: Settings) -> str:
    """Who may register: REGISTRATION, or what is usual with and without an outside service."""
    return settings.registration or ("closed" if settings.auth_issuer else "open")


async def _check_invited(services: Services, invite: str) -> None:
    """Refuse who may not register at all, before anything else is told."""
    if _registers(services.settings) == "closed":
        raise Refused(Code.FORBIDDEN, "registration is closed")
    if _registers(services.settings) == "invite":
        if not invite:
            raise Refused(Code.FORBIDDEN, "an invite is needed to register", "invite")
        if not await services.database.read(lambda db: invites.is_good(db, invite)):
            raise _no_invite()


def _create(db: Db, new: accounts.NewAccount, invite: str | None) -> None:
    """The account, and one use less of the invite; raises Taken, Refused."""
    if accounts.username_taken(db, new.username):
        raise Taken
    if invite is not None and not invites.use(db, invite):
        raise _no_invite()
    accounts.create(db, new)


def _no_invite() -> Refused:
    return Refused(Code.FORBIDDEN, "the invite is not good, or not any more", "invite")
