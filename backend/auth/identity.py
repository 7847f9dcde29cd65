"""Whose request it is: the token it carries, and whom that names."""

from aiohttp import web

from backend.auth.cookies import Cookies
from backend.auth.dev import Dev
from backend.auth.errors import invalid_login_token, login_token_required
from backend.auth.external import External
from backend.auth.tokens import Tokens, unverified_issuer
from backend.http.origin import check_origin
from backend.protocol.http.cookies import LOGIN
from backend.store import sessions
from backend.store.database import Database
from backend.store.sessions import Identity

PROTOCOL = "parley.v1"
BEARER_PROTOCOL = "bearer."


def find_token(request: web.Request, cookies: Cookies) -> str | None:
    """The token of a request: what it says itself before what the browser adds to it.

    One among the subprotocols counts only beside ours, which is what the server then answers.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    offered = ",".join(request.headers.getall("Sec-WebSocket-Protocol", [])).split(",")
    protocols = [each.strip() for each in offered]
    for protocol in protocols:
        if protocol.startswith(BEARER_PROTOCOL) and PROTOCOL in protocols:
            return protocol.removeprefix(BEARER_PROTOCOL)
    return cookies.read(request, LOGIN)


class Identities:
    """Knows whose a request is; `external` is None when no outside tokens are taken.

    `dev` is None unless anybody may say who they are.
    """

    def __init__(
        self,
        tokens: Tokens,
        cookies: Cookies,
        external: External | None,
        dev: Dev | None,
        database: Database,
    ) -> None:
        self._tokens = tokens
        self._cookies = cookies
        self._external = external
        self._dev = dev
        self._database = database

    async def identify(self, request: web.Request) -> Identity:
        """Whom the request's token names; whether their session still lives is not looked at.

        For a token of ours this does not touch the database. Raises Refused: Unauthorized with
        `login-token required` or `invalid login-token`, or forbidden for a page of another origin.
        """
        check_origin(request)
        claimed = await self._dev.identify(request) if self._dev is not None else None
        if claimed is not None:
            return claimed
        token = find_token(request, self._cookies)
        if token is None:
            raise login_token_required()
        if self._external is not None and unverified_issuer(token) == self._external.issuer:
            return await self._external.identify(token)
        return self._tokens.verify(token)

    async def require_live(self, request: web.Request) -> Identity:
        """As `identify`, for a session that lives; `expires_at` is the session's end."""
        return await self.confirm(await self.identify(request))

    async def confirm(self, identity: Identity) -> Identity:
        """The identity as the database has it now; raises Unauthorized when its session is over."""
        live = await self._database.read(lambda db: sessions.find_live(db, identity))
        if live is None:
            raise invalid_login_token()
        return live
