"""Behind nginx and Caddy as docs/deploy has them: TLS, sockets, addresses, uploads, deploys."""

import asyncio
import contextlib
import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.files.uploading import ask, send_file, uploaded
from tests.guarantees.device import Device
from tests.guarantees.load import Load
from tests.guarantees.waiting import eventually
from tests.shipping.proxies import SITE, Kind, Proxy
from tests.support.client import Person, Town
from tests.support.server import Server

pytestmark = pytest.mark.process
SETTINGS = {
    "TRUSTED_PROXIES": "127.0.0.1,::1",
    "ALLOWED_HOSTS": SITE,
    "RATE_LIMIT": "0",
    "RESUME_MAX_EVENTS": "100000",
    "OUTBOX_LIMIT": "65536",
    "MAX_FILE_BYTES": "4000000",
}


@dataclass
class Site:
    """A server behind a proxy, and people who come by it."""

    kind: Kind
    server: Server
    proxy: Proxy
    people: Town


@pytest.fixture(params=["nginx", "caddy"])
async def site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Site]:
    """As a newcomer would have it."""
    server = Server(tmp_path, SETTINGS)
    await server.start()
    proxy = Proxy(request.param, tmp_path, server.port)
    async with proxy.running(), proxy.session() as http:
        people = Town(http, proxy.url)
        yield Site(request.param, server, proxy, people)
        for person in people.people:
            await person.close()
    await server.stop()


async def test_the_page_and_a_socket_come_by_tls(site: Site) -> None:
    """With cookies for TLS alone; a page from elsewhere is refused, the site's own is not."""
    http, url = site.people.http, site.proxy.url
    async with http.get(f"{url}/", headers={"Accept": "text/html"}) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert answer.headers["Strict-Transport-Security"] == "max-age=63072000"
    alice, bob = await site.people.online("alice", "bob")
    id_ = (await alice.do("create_conversation", members=["bob"], kind="direct"))["id"]
    await alice.do("send_message", conversation_id=id_, content="by TLS")
    assert (await bob.next("send_message"))["data"]["content"] == "by TLS"
    body = {"username": "alice", "password": "correct horse"}
    for origin, status in ((url, 202), ("https://elsewhere.example", 403)):
        headers = {"Origin": origin}
        async with http.post(f"{url}/auth/login", json=body, headers=headers) as answer:
            assert answer.status == status
            if status == 202:
                assert all("Secure" in each for each in answer.headers.getall("Set-Cookie"))


async def test_plain_http_is_sent_to_tls(site: Site) -> None:
    """By nginx as the example says; Caddy does so by itself."""
    if site.kind == "nginx":
        plain = f"http://{SITE}:{site.proxy.plain_port}/inspect?a=b"
        async with site.people.http.get(plain, allow_redirects=False) as answer:
            assert answer.status == 301
            assert answer.headers["Location"] == f"https://{SITE}/inspect?a=b"


async def test_who_comes_is_known_by_their_own_address(site: Site) -> None:
    """The proxy's word counts, the client's does not."""
    async with site.proxy.session("127.0.0.7") as http:
        http.headers["X-Forwarded-For"] = "203.0.113.9"
        await Person(http, site.proxy.url, "carol").register()

    async def is_told() -> bool:
        return "registered: carol" in site.server.output

    await eventually(is_told)
    assert "registered: carol, from 127.0.0.7\n" in site.server.output


async def test_uploads_pass(site: Site) -> None:
    """Of any size that Parley takes, in parts that come slowly, too; what is too large it says."""
    alice = await site.people.person("alice")
    pieces = [bytes([number]) * 500_000 for number in range(6)]

    async def slowly() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece
            await asyncio.sleep(0.02)

    told = await uploaded(alice, slowly(), "bytes.bin")
    stored = (await ask(alice, "GET", told["url"])).body
    assert hashlib.sha256(stored).digest() == hashlib.sha256(b"".join(pieces)).digest()
    reply = await send_file(alice, io.BytesIO(bytes(4_000_001)), "large.bin")
    assert reply.status == 413
    assert b"a file may have at most 4000000 bytes" in reply.body


async def test_a_reader_who_takes_nothing_is_closed_and_resumes(site: Site) -> None:
    """The proxy holds back what it cannot pass on, and Parley's limit still counts."""
    alice, bob = [Device(await site.people.person(name)) for name in ("alice", "bob")]
    await alice.connect()
    await bob.connect()
    id_ = (await alice.do("create_conversation", members=["bob"]))["id"]
    await bob.until(lambda: id_ in bob.state.chats)
    await alice.do("add_contact", contact_username="bob")
    await alice.until(lambda: "bob" in alice.state.online)
    assert bob.ws is not None
    connection = bob.ws._response.connection
    assert connection is not None
    assert connection.transport is not None
    connection.transport.pause_reading()
    while "bob" in alice.state.online:
        for _ in range(50):
            await alice.say(id_, "x" * 3900)
        await alice.until(lambda: not alice.unsent)
    connection.transport.resume_reading()
    await bob.until(lambda: bob.ws is None, within=30)
    assert (await bob.connect())["status"] == "ok"
    assert list(bob.state.chats[id_].messages) == list(alice.state.chats[id_].messages)
    assert bob.faults == []
    await alice.drop()
    await bob.drop()


async def test_a_deploy_under_load_loses_nothing(site: Site) -> None:
    """By the two commands, twice, while everybody writes; the proxy stays."""
    load, running = await Load.prepare(site.people), site.server
    async with load.going():
        for _ in range(2):
            running = await load.over_a_deploy(running)
        await load.stop_writing()
        await load.check_lived_is_stored()
    assert [fault for device in load.devices for fault in device.faults] == []
    for device in load.devices:
        await device.drop()
    assert await running.stop() == 0
    with contextlib.suppress(aiohttp.ClientError):
        await site.people.http.close()
