"""The server is killed again and again while files are uploaded and sent."""

import asyncio
import contextlib
import hashlib
import os
import random
from typing import Any

import aiohttp

from tests.files.pictures import picture
from tests.files.test_limits import kept
from tests.files.uploading import ask, uploaded
from tests.guarantees.conftest import Serve
from tests.support.acts import direct, newest
from tests.support.client import Closed, Person, Socket

KILLS = int(os.environ.get("KILLS", "25"))
SENDERS = 3
NO_LIMITS = {"RATE_LIMIT": "0", "UPLOADS_PER_HOUR": "100000", "PURGE_INTERVAL": "0.3"}
BROKEN = (aiohttp.ClientError, ConnectionError, Closed, TimeoutError, AssertionError)


class Sender:
    """Somebody who uploads and sends again and again, deletes some of it, whatever happens."""

    def __init__(self, person: Person, conversation_id: int, number: int) -> None:
        self.person = person
        self.conversation_id = conversation_id
        self.dice = random.Random(number)
        self.under_way = False
        self.sent: dict[int, dict[str, str]] = {}

    async def go_on(self) -> None:
        """Until cancelled."""
        while True:
            with contextlib.suppress(*BROKEN):
                await self._send_for_a_while()
            self.under_way = False
            await asyncio.sleep(0.02)

    async def _send_for_a_while(self) -> None:
        socket = await self.person.connect()
        while True:
            self.under_way = True
            contents = [self._content() for _ in range(self.dice.randint(1, 2))]
            files = [await uploaded(self.person, content) for content in contents]
            message = await socket.do(
                "send_message", conversation_id=self.conversation_id,
                files=[file["id"] for file in files],
            )  # fmt: skip
            digests = [hashlib.sha256(content).hexdigest() for content in contents]
            self.sent[message["id"]] = dict(
                zip([file["url"] for file in files], digests, strict=True)
            )
            if self.dice.random() < 0.3:
                gone = self.dice.choice(list(self.sent))
                del self.sent[gone]
                await socket.do("delete_message", message_id=gone)
            self.under_way = False

    def _content(self) -> bytes:
        if self.dice.random() < 0.2:
            return picture("PNG", (self.dice.randint(1, 3), 9))
        return self.dice.randbytes(self.dice.choice([10, 200_000]))


async def test_no_message_without_its_file(serve: Serve) -> None:
    """After many kills, what was answered is there byte by byte, and nothing else lies about."""
    server, people = await serve(**NO_LIMITS)
    persons = [await people.person(f"alice{number}") for number in range(SENDERS)]
    reader = await people.person("bob")
    socket = await reader.connect()
    senders = []
    for number, person in enumerate(persons):
        first = await person.connect()
        senders.append(Sender(person, await direct(first, socket), number))
    tasks = [asyncio.create_task(sender.go_on()) for sender in senders]
    cut_off = 0
    for number in range(KILLS):
        await asyncio.sleep(random.Random(number).uniform(0.1, 0.5))
        cut_off += sum(sender.under_way for sender in senders)
        await server.kill()
        await server.start()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert cut_off, "no kill met an upload under way: this proved nothing"
    await server.stop()
    for path in (server.folder / ".data" / "files" / "incoming").iterdir():
        os.utime(path, (0, 0))  # what is younger may be another node's
    await server.start()
    socket = await reader.connect()
    for sender in senders:
        await _compare(reader, sender, await _all_of(socket, sender.conversation_id))
    assert not [path for path in kept(server) if path.parent.name == "incoming"]
    assert await server.command("check") == (0, f"{server.where} is in order\n")


async def _all_of(socket: Socket, conversation_id: int) -> list[Any]:
    """Every message of a conversation."""
    found = await newest(socket, conversation_id)
    while page := await newest(socket, conversation_id, before=found[-1]["id"]):
        found += page
    return found


async def _compare(reader: Person, sender: Sender, messages: list[Any]) -> None:
    """What was answered is there, and every file that a message names can be read as it was."""
    told = {each["id"]: [file["url"] for file in each["attachments"]] for each in messages}
    assert sender.sent
    assert {id_: told[id_] for id_ in sender.sent} == {
        id_: list(digests) for id_, digests in sender.sent.items()
    }
    digests = {url: digest for each in sender.sent.values() for url, digest in each.items()}
    for each in (file for message in messages for file in message["attachments"]):
        reply = await ask(reader, "GET", each["url"])
        assert (reply.status, len(reply.body)) == (200, each["size"])
        digest = hashlib.sha256(reply.body).hexdigest()
        assert digests.get(each["url"], digest) == digest
