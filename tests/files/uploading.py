"""What the tests of files say to a server over HTTP, and what it says back."""

from typing import Any, NamedTuple

import msgspec
from yarl import URL

from tests.support.client import Person

JSON = {"Accept": "application/json"}


class Reply(NamedTuple):
    """An answer, read to its end."""

    status: int
    body: bytes
    headers: Any


async def ask(person: Person, method: str, path: str, **options: Any) -> Reply:
    """A request of somebody logged in."""
    headers = {**person.headers, **JSON, **options.pop("headers", {})}
    url = URL(f"{person.url}{path}", encoded=True)
    async with person.http.request(method, url, headers=headers, **options) as response:
        return Reply(response.status, await response.read(), response.headers)


async def send_file(person: Person, content: Any, name: str = "cat.png", **query: str) -> Reply:
    """Upload the body itself, as a page does."""
    url = f"{person.url}/files"
    async with person.http.post(
        url, data=content, params={"name": name, **query}, headers={**person.headers, **JSON}
    ) as response:
        return Reply(response.status, await response.read(), response.headers)


async def uploaded(person: Person, content: Any, name: str = "cat.png", **query: str) -> Any:
    """Upload it; gives the Attachment."""
    reply = await send_file(person, content, name, **query)
    assert reply.status == 201, reply
    return decoded(reply)


def decoded(reply: Reply) -> Any:
    """The JSON of an answer."""
    return msgspec.json.decode(reply.body)
