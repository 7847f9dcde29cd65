"""POST /register."""

from aiohttp import web

from backend.accounts.services import Services
from backend.auth import audit
from backend.auth.passwords import check_password
from backend.http.body import optional_text, read_fields, texts
from backend.http.client_address import client_address, network_of
from backend.http.responses import answer
from backend.protocol.errors import Code, Refused
from backend.protocol.names import check_email, check_fullname, check_username
from backend.store import accounts
from backend.store.accounts import NewAccount, Taken


async def register(services: Services, request: web.Request) -> web.Response:
    """Make an account."""
    fields = await read_fields(request)
    username, password, fullname = texts(fields, "username", "password", "fullname")
    email = optional_text(fields, "email") or None
    check_username(username)
    check_password(password, services.settings.password_min_length)
    check_fullname(fullname, services.settings.max_name_length)
    if email is not None:
        check_email(email)
    _slow_down(services, request)
    if await services.database.read(lambda db: accounts.username_taken(db, username)):
        raise _taken("username")
    address = client_address(request)
    async with services.turns.take(network_of(address), username):
        password_hash = await services.passwords.hash(password)
    reachable_by = services.settings.reachable_by
    new = NewAccount(username, fullname, password_hash, email, reachable_by=reachable_by)
    try:
        await services.database.write(lambda db: accounts.create(db, new))
    except Taken as taken:
        raise _taken(str(taken)) from None
    audit.note("registered", username, address)
    return answer(request, "registered", status=201)


def _slow_down(services: Services, request: web.Request) -> None:
    """Count it for the address, whatever comes of it: a refusal tells who is here, too."""
    place = network_of(client_address(request))
    services.registrations.check(place)
    services.registrations.count(place)


def _taken(field: str) -> Refused:
    return Refused(Code.ALREADY_EXISTS, f"{field} already exists", field)
