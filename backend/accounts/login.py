"""Logging in, staying so, logging out: /auth/login, /refresh, /verify and /logout."""

from aiohttp import web
from msgspec import UNSET, UnsetType

from backend.accounts.services import Services
from backend.auth import audit
from backend.auth.errors import mismatch
from backend.auth.tokens import hash_family, hash_refresh, new_refresh_token
from backend.http.body import Fields, read_body, read_one_of
from backend.http.client_address import client_address, network_of
from backend.http.responses import answer
from backend.logs import Journal
from backend.protocol.errors import Code, Refused, Unauthorized
from backend.protocol.http.cookies import DEVICE, LOGIN, REFRESH
from backend.protocol.http.session import (
    LOG_IN,
    LOG_OUT,
    REFRESH_TOKENS,
    VERIFY,
    Credentials,
    EitherCredentials,
    RefreshToken,
    Tokens,
    Verified,
)
from backend.store import accounts, sessions
from backend.store.accounts import Account
from backend.store.engine.db import Db
from backend.store.sessions import Exchanged, Identity, Lasting, Login, Refresh, Reused

MAX_DEVICE = 200
journal = Journal("parley.accounts")


async def login(services: Services, request: web.Request) -> web.Response:
    """Begin a session, for a username (or email) and its password."""
    body = await read_one_of(request, _kind_of)
    name = body.username if isinstance(body, Credentials) else body.usernameOrEmail
    address = client_address(request)
    account = await services.credentials.check_login(request, name, body.password)
    new_hash = await _rehash(services, account, address, body.password)
    refresh_token = new_refresh_token()
    record = Login(_stored(refresh_token), address, _device(request))
    identity = await services.database.write(
        lambda db: _begin(db, services, account, new_hash, record)
    )
    audit.note("logged in", identity.username, address)
    why_dropped = services.cookies.why_dropped(request)
    if why_dropped is not None:
        journal.warning("cookies_dropped", "%(reason)s", reason=why_dropped)
    issued = _issue(services, identity, refresh_token, why_dropped or UNSET)
    response = answer(request, LOG_IN.ok, issued)
    device = services.tokens.sign_device(identity.user_id)
    tokens = {LOGIN: issued.access_token, REFRESH: refresh_token, DEVICE: device}
    services.cookies.set(request, response, tokens)
    return response


async def refresh(services: Services, request: web.Request) -> web.Response:
    """New tokens for the refresh token, which is used up; the session lasts anew from now.

    Two tabs may do this at once: for a few seconds the same token gives the same ones. Later, until
    one of those has been used, it gives others, because the answer was lost; from then on it ends
    the session, because somebody has a copy.
    """
    in_body = (await read_body(request, RefreshToken)).refresh_token
    given = in_body or services.cookies.read(request, REFRESH)
    if not given:
        raise Unauthorized("refresh-token required")
    successors = services.tokens.next_refresh_tokens(given)
    identity, place = await _exchange(services, request, given, successors)
    successor = successors[place]
    # From a cookie, scripts are not to see it: it is told only to who sent it in the body.
    issued = _issue(services, identity, successor if in_body else UNSET)
    response = answer(request, REFRESH_TOKENS.ok, issued)
    services.cookies.set(request, response, {LOGIN: issued.access_token, REFRESH: successor})
    return response


async def verify(services: Services, request: web.Request) -> web.Response:
    """Say whom the token names, if its session lives."""
    claimed = await services.identities.identify(request)
    live = await services.identities.confirm(claimed)
    told = Verified(user_id=live.user_id, username=live.username, expires_at=claimed.expires_at)
    return answer(request, VERIFY.ok, told)


async def logout(services: Services, request: web.Request) -> web.Response:
    """End this session, or with `?all=true` every session of the user."""
    everywhere = request.query.get("all", "false")
    if everywhere not in {"true", "false"}:
        raise Refused(Code.INVALID_REQUEST, "all should be true or false", "all")
    identity = await _leaving(services, request)

    def leave(db: Db) -> None:
        if everywhere == "true" or not identity.session_id:  # an outside token has no other end
            sessions.end_all(db, identity.user_id, "logged out")
        else:
            sessions.end(db, identity.user_id, identity.session_id, "logged out")

    await services.database.write(leave)
    act = "logged out everywhere" if everywhere == "true" else "logged out"
    audit.note(act, identity.username, client_address(request))
    response = answer(request, LOG_OUT.ok)
    services.cookies.clear(request, response)
    return response


def _kind_of(fields: Fields) -> type[Credentials] | type[EitherCredentials]:
    by_either = "usernameOrEmail" in fields and "username" not in fields
    return EitherCredentials if by_either else Credentials


async def _exchange(
    services: Services, request: web.Request, token: str, successors: list[str]
) -> Exchanged:
    """Whose session it is, and which successor it has now; raises Unauthorized."""
    given, stored = _stored(token), list(map(_stored, successors))

    def exchange(db: Db) -> Exchanged | Identity | None:
        try:
            return sessions.exchange(db, given, stored, _lasting(services))
        except Reused:
            found = sessions.find_by_refresh(db, given)
            assert found is not None
            sessions.end(db, found.user_id, found.session_id, "refresh token used twice")
            return found

    outcome = await services.database.write(exchange)
    if isinstance(outcome, Exchanged):
        return outcome
    if outcome is not None:
        act = "refresh token used twice, session ended"
        audit.note(act, outcome.username, client_address(request))
    raise Unauthorized("invalid refresh-token")


def _stored(refresh_token: str) -> Refresh:
    return Refresh(hash_refresh(refresh_token), hash_family(refresh_token))


def _lasting(services: Services) -> Lasting:
    return Lasting(services.settings.session_ttl, services.settings.session_max_age)


async def _rehash(services: Services, account: Account, address: str, password: str) -> str | None:
    """A new hash when the stored one was made with other parameters than today's."""
    if not services.passwords.is_outdated(account.password_hash):
        return None
    async with services.turns.take(network_of(address), account.username):
        return await services.passwords.hash(password)


def _begin(
    db: Db,
    services: Services,
    account: Account,
    new_hash: str | None,
    record: Login,
) -> Identity:
    """The new session, unless the account changed while the password was being checked."""
    if not accounts.is_current(db, account):
        raise mismatch()
    if new_hash is not None:
        accounts.replace_password(db, account, new_hash)
    limit = services.settings.max_sessions
    return sessions.create(db, account.id, record, _lasting(services), limit)


def _issue(
    services: Services,
    identity: Identity,
    refresh_token: str | UnsetType,
    warning: str | UnsetType = UNSET,
) -> Tokens:
    """A new login-token, as it is told; the refresh token and a warning beside it if given."""
    return Tokens(
        access_token=services.tokens.sign(identity),
        expires_in=services.tokens.ttl,
        id=identity.user_id,
        username=identity.username,
        refresh_token=refresh_token,
        warning=warning,
    )


async def _leaving(services: Services, request: web.Request) -> Identity:
    """Who logs out: by the login-token, or when that has expired by the refresh cookie."""
    try:
        return await services.identities.require_live(request)
    except Unauthorized:
        refresh_token = services.cookies.read(request, REFRESH)
        if not refresh_token:
            raise
        stored = _stored(refresh_token)
        found = await services.database.read(lambda db: sessions.find_by_refresh(db, stored))
        if found is None:
            raise
        return found


def _device(request: web.Request) -> str:
    """The User-Agent as text that can be stored."""
    text = request.headers.get("User-Agent", "").encode("utf-8", "replace").decode()
    return "".join(c for c in text if c.isprintable())[:MAX_DEVICE]
