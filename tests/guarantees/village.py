"""Three people with two devices each, what they do, and whether they know what is there."""

import asyncio
import contextlib
import itertools
from collections import Counter
from typing import Any

import aiohttp
import pytest

from backend.store.engine.connection import open_database
from tests.guarantees.device import Device
from tests.guarantees.state import Chat, Frame, as_known
from tests.support import engine
from tests.support.client import Person
from tests.support.server import Server

NAMES = itertools.count(1)
TOLD = ("id", "kind", "name", "named", "topic", "history_shown", "activity", "member_count")
MINE = ("unread_count", "last_read_id", "role", "muted_until", "archived", "marked_unread")
Choice = tuple[Device, Frame]
ACCEPTED = {"not_found", "forbidden", "already_exists", "conflict", "invalid_request"}
SETTLE_SECONDS = 4.0  # marks and presence take their time


class Village:
    """People, new for every example, on a server that is there for all of them."""

    def __init__(self, server: Server, http: aiohttp.ClientSession, devices: list[Device]) -> None:
        self.server = server
        self.http = http
        self.devices = devices
        self.copied = ""
        self.restored = False
        self.copied_at = 0
        self.came_back: set[Device] = set()
        self.done: Counter[str] = Counter()

    @classmethod
    async def settle(cls, server: Server) -> "Village":
        """Three new people, each with a device that is connected and one that is not yet."""
        http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        people = [Person(http, server.url, f"user{next(NAMES)}") for _ in range(3)]
        for person in people:
            await person.register()
            await person.login()
        village = cls(server, http, [Device(person) for person in people * 2])
        for who in range(3):
            await village.connect(who)
        first = village.devices[0]
        for other in (1, 2):
            await first.do("add_contact", contact_username=village.name(other))
        members = [village.name(1)]
        group = await first.do("create_conversation", members=members, name="Group")
        await first.do("send_message", conversation_id=group["id"], content="hello")
        await village.complete()
        return village

    def name(self, who: int) -> str:
        """The username behind a number."""
        return self.devices[who].person.username

    @property
    def names(self) -> set[str]:
        """All usernames."""
        return {device.person.username for device in self.devices}

    def worded(self, text: str) -> str:
        """A text with people's names put in."""
        return text.format(*(self.name(who) for who in range(3)))

    async def connect(self, who: int) -> None:
        """A device comes from its cursor; what it is told must be true of its cursor."""
        device = self.devices[who]
        if device.ws is not None:
            return
        cursor, at = device.cursor, device.at
        resume = await device.connect()
        if not cursor:
            assert resume["status"] == "start"
        elif self.restored and at > self.copied_at and device not in self.came_back:
            assert (resume["status"], resume["reason"]) == ("reset", "unknown")
        else:
            assert resume["status"] == "ok"
        self.came_back.add(device)
        if resume["status"] != "ok":
            await device.fetch()

    async def do(self, pick: int, choices: list[Choice]) -> None:
        """One of the requests that can be made now; it may be refused, but not fail."""
        if choices:
            device, fields = choices[pick % len(choices)]
            reply = await device.ask(**fields)
            assert reply["success"] or reply["code"] in ACCEPTED, reply
            if reply["success"]:
                self.done[fields["type_"]] += 1
            await self.complete()

    async def send(self, pick: int, text: str, reply: bool) -> None:
        """A device sends a message, or queues it while it is offline."""
        choices = [(each, chat) for each in self.devices for chat in each.state.chats.values()]
        if not choices:
            return
        device, chat = choices[pick % len(choices)]
        reply_id = max(chat.messages) if reply and chat.messages else None
        await device.say(chat.data["id"], self.worded(text), reply_id=reply_id)
        if device.live:
            await device.until(lambda: not device.unsent)

    async def send_and_drop(self, pick: int, text: str) -> None:
        """A device sends a message and loses its connection before the answer."""
        choices = [(each, id_) for each in self.live for id_ in each.state.chats]
        if choices:
            device, id_ = choices[pick % len(choices)]
            await device.say(id_, self.worded(text))
            await device.drop()

    @property
    def live(self) -> list[Device]:
        """The devices that are connected."""
        return [device for device in self.devices if device.live]

    async def retry(self, who: int) -> None:
        """What a person's other device was answered is sent again by this one."""
        device, other = self.devices[who], self.devices[(who + 3) % 6]
        if not other.acked or not device.live:
            return
        client_id, message = list(other.acked.items())[-1]
        reply = await device.ask(
            "send_message", conversation_id=message["conversation_id"],
            content="another text", client_id=client_id,
        )  # fmt: skip
        if reply["success"] and not self.restored:
            assert reply["duplicate"] is True
            assert reply["data"]["id"] == message["id"]
            self.done["retry"] += 1

    async def complete(self) -> None:
        """Fetch the history of conversations that came with one, as a client does."""
        for device in self.devices:
            if device.live:
                await device.ask("ping")
                await device.complete()

    async def copy(self) -> None:
        """Copy the database while the server runs."""
        self.copied = await asyncio.to_thread(engine.copy, self.server.database, self.server.folder)
        with contextlib.closing(open_database(self.copied)) as copy:
            self.copied_at = copy.newest("log")

    async def restore(self) -> None:
        """Stop, put the copy in the place of the database, start."""
        for device in self.devices:
            await device.drop()
        await self.server.stop()
        engine.put_back(self.server.database, self.copied)
        await self.server.start()
        self.restored = True
        self.came_back = set()

    async def finish(self) -> None:
        """All come back, and know what is there."""
        try:
            for who in range(len(self.devices)):
                await self.connect(who)
            await self.compare()
            assert [fault for device in self.devices for fault in device.faults] == []
        finally:
            for device in self.devices:
                await device.drop()
            await self.http.close()

    async def compare(self) -> None:
        """Every connected device knows what it would fetch; what is told late is waited for."""
        deadline = asyncio.get_running_loop().time() + SETTLE_SECONDS
        await self.complete()
        for device in self.devices:
            while device.live:
                lived, fetched = await _lived(device), await _fetched(device)
                hide(lived["conversations"], fetched["conversations"])
                if lived == fetched:
                    break
                if asyncio.get_running_loop().time() > deadline:
                    pytest.fail("\n".join(differences(lived, fetched, device.state.username)))
                await asyncio.sleep(0.05)


async def _lived(device: Device) -> Frame:
    """What a device made of the events it got."""
    await device.ask("ping")
    state = device.state
    return {
        "contacts": {
            name: _person(user, name in state.online) for name, user in state.contacts.items()
        },
        "conversations": {
            id_: _chat(chat, state.mentions_of_me(chat), _all_reached(chat))
            for id_, chat in state.chats.items()
        },
    }


async def _fetched(device: Device) -> Frame:
    """The same, as it is told by reading."""
    people = (await device.do("get_contacts"))["users"]
    conversations = {}
    for data in await device.do("get_conversations"):
        chat = Chat(data, data["me"], set(data["members"]))
        messages = reversed(await device.history(data["id"]))
        chat.messages = {each["id"]: as_known(each) for each in messages}
        reached = data["delivered_to_all_id"], data["read_by_all_id"]
        conversations[data["id"]] = _chat(chat, data["me"]["mention_count"], reached)
        # one may come between the two reads: then it is so the next time
        conversations[data["id"]]["last_is_newest"] = is_last(data["last_message"], chat)
    return {
        "contacts": {each["username"]: _person(each, bool(each["is_online"])) for each in people},
        "conversations": conversations,
    }


def hide(lived: dict[int, Frame], fetched: dict[int, Frame]) -> None:
    """Leave out how far all are where a block hides it: nobody is told that, only reads say so."""
    for id_, chat in fetched.items():
        if chat["reached"] == (None, None) and id_ in lived:
            lived[id_]["reached"] = (None, None)


def _all_reached(chat: Chat) -> tuple[int, int]:
    """Up to which messages all have received and read, by how far each is."""
    places = chat.places.values()
    return (
        min((each["delivered_id"] for each in places), default=-1),
        min((each["read_id"] for each in places), default=-1),
    )


def is_last(told: Frame | None, chat: Chat) -> bool:
    """Whether a last message is the newest that people wrote; none if it was while one was away."""
    return told is None or [as_known(told)] == chat.texts[-1:]


def differences(lived: Any, fetched: Any, where: str) -> list[str]:
    """Where two states differ, each a line that says what was lived and what was fetched."""
    if lived == fetched:
        return []
    if isinstance(lived, dict) and isinstance(fetched, dict) and lived.keys() == fetched.keys():
        parts = [differences(lived[key], fetched[key], f"{where} {key}") for key in lived]
        return list(itertools.chain(*parts))
    if isinstance(lived, list) and isinstance(fetched, list) and len(lived) == len(fetched):
        pairs = zip(lived, fetched, strict=True)
        return list(itertools.chain(*(differences(a, b, f"{where} []") for a, b in pairs)))
    return [f"{where}: lived {lived}, fetched {fetched}"]


def _person(user: Frame, is_online: bool) -> Frame:
    return {"fullname": user["fullname"], "bio": user["bio"], "is_online": is_online}


def _chat(chat: Chat, mentions: int, reached: tuple[int, int]) -> Frame:
    read_id, there = chat.me["last_read_id"], [t for t in chat.texts if t["deleted_at"] is None]
    unread = [each["id"] for each in there if each["id"] > read_id]
    return {
        **{key: chat.data[key] for key in TOLD},
        **{key: chat.me[key] for key in MINE},
        "members": chat.members,
        "messages": list(chat.messages.values()),
        "mention_count": mentions,
        "reached": reached,
        "first_unread_id": next(iter(unread), None),
        "last_is_newest": True,
    }
