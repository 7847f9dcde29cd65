"""POST /auth/export: all of a user's data as one JSON object, streamed as it is read."""

from collections.abc import AsyncIterator, Callable

import msgspec
from aiohttp import web

from backend.accounts.services import Services
from backend.auth import audit
from backend.http.body import read_body
from backend.http.client_address import client_address
from backend.http.origin import answer_headers
from backend.logs import Journal
from backend.protocol.http.account import Confirmation
from backend.store import export
from backend.store.database import Database
from backend.store.engine.db import Db
from backend.store.export import Page, Row

PageReader = Callable[[Db, int, int], Page]
LISTS: dict[str, PageReader] = {
    "contacts": export.contacts,
    "contact_requests": export.contact_requests,
    "blocked": export.blocks,
    "conversations": export.conversations,
    "reactions": export.reactions,
    "reports": export.reports,
    "files": export.files,
}

journal = Journal("parley.accounts")
_encode = msgspec.json.Encoder().encode


async def export_data(services: Services, request: web.Request) -> web.StreamResponse:
    """Send who asks everything that is theirs, for the password.

    The status is sent before the data is read: if the database fails on the way, the connection is
    cut, so that half an export cannot pass for a whole one.
    """
    identity = await services.identities.require_live(request)
    given = (await read_body(request, Confirmation)).password
    await services.credentials.confirm(request, identity, given, "password")
    audit.note("data exported", identity.username, client_address(request))
    response = web.StreamResponse(headers=answer_headers(request))
    response.content_type = "application/json"
    response.headers["Content-Disposition"] = 'attachment; filename="parley-export.json"'
    await response.prepare(request)
    try:
        async for chunk in _chunks(services.database, identity.user_id):
            await response.write(chunk)
        await response.write_eof()
    except ConnectionError:  # the client is gone
        pass
    except Exception as error:
        journal.error("export_cut_off", "an export failed half way", fault=error)
        if request.transport is not None:
            request.transport.abort()
    return response


async def _chunks(database: Database, user_id: int) -> AsyncIterator[bytes]:
    """The JSON, in pieces."""
    profile = await database.read_for(user_id, lambda db: export.profile(db, user_id))
    yield b'{"profile":' + _encode(profile)
    sessions = await database.read_for(user_id, lambda db: export.sessions(db, user_id))
    yield b',"sessions":' + _encode(sessions)
    for name, reader in LISTS.items():
        async for chunk in _list(name, _pages(database, reader, user_id)):
            yield chunk
    async for chunk in _list("messages", _messages(database, user_id)):
        yield chunk
    yield b"}"


async def _pages(database: Database, read: PageReader, user_id: int) -> AsyncIterator[list[Row]]:
    after: int | None = 0
    while after is not None:
        start = after
        page = await database.read_for(user_id, lambda db: read(db, user_id, start))  # noqa: B023
        yield page.rows
        after = page.after


async def _messages(database: Database, user_id: int) -> AsyncIterator[list[Row]]:
    """What the user wrote, conversation by conversation: each is read by its own index."""
    async for conversations in _pages(database, export.conversations, user_id):
        for conversation in conversations:
            id_ = int(str(conversation["id"]))

            def read(db: Db, user: int, after: int, of: int = id_) -> Page:
                return export.messages(db, user, of, after)

            async for rows in _pages(database, read, user_id):
                yield rows


async def _list(name: str, pages: AsyncIterator[list[Row]]) -> AsyncIterator[bytes]:
    """A member of the object: `,"name":[…]`."""
    yield b',"%s":[' % name.encode()
    separator = b""
    async for rows in pages:
        if rows:
            yield separator + _encode(rows)[1:-1]
            separator = b","
    yield b"]"
