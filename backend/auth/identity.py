"""Whose request it is: the token it carries, and whom that names."""

from aiohttp import web

from backend.accounts.services import Services
from backend.auth.tokens import unverified_issuer
from backend.http.errors import invalid_login_token, login_token_required
from backend.http.origin import check_origin
from backend.store import sessions
from backend.store.sessions import Identity

COOKIE = "login-token"
BEARER_PROTOCOL = "bearer."


def find_token(request: web.Request) -> str | None:
    """The token of a request: what it says itself before what the browser adds to it."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    for protocol in ",".join(request.headers.getall("Sec-WebSocket-Protocol", [])).split(","):
        if protocol.strip().startswith(BEARER_PROTOCOL):
            return protocol.strip().removeprefix(BEARER_PROTOCOL)
    return request.cookies.get(COOKIE) or None


async def identify(services: Services, request: web.Request) -> Identity:
    """Whom the request's token names; whether their session still lives is not looked at.

    For a token of ours this does not touch the database. Raises Refused: Unauthorized with
    `login-token required` or `invalid login-token`, or forbidden for a page of another origin.
    """
    check_origin(request, services.origins)
    token = find_token(request)
    if token is None:
        raise login_token_required()
    if services.external is not None:
        issuer = unverified_issuer(token)
        if issuer == services.external.issuer:
            return await services.external.identify(token)
    return services.tokens.verify(token)


async def require_live(services: Services, request: web.Request) -> Identity:
    """As `identify`, for a session that lives; `expires_at` is the session's end."""
    return await confirm(services, await identify(services, request))


async def confirm(services: Services, identity: Identity) -> Identity:
    """The identity as the database has it now; raises Unauthorized when its session is over."""
    live = await services.database.read(lambda db: sessions.find_live(db, identity))
    if live is None:
        raise invalid_login_token()
    return live
