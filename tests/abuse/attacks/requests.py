"""Sockets that ask, as fast as they are answered, what is allowed and costs the server most."""

import asyncio
import contextlib
import time
from typing import Any

import aiohttp

Frame = dict[str, Any]
PAUSE = 0.1  # before one comes back


class Refused(Exception):
    """A request was refused for another reason than its pace."""


async def add_members(url: str, seconds: float, token: str, names: list[str]) -> int:
    """Groups of one, into each of which hundreds are put in one go; gives how many were."""
    added = 0
    async with aiohttp.ClientSession() as http, _opened(http, url, token) as socket:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            made = await _ask(socket, deadline, type="create_conversation", members=[])
            if made is not None:
                id_ = made["data"]["id"]
                done = await _ask(
                    socket, deadline, type="add_members", conversation_id=id_, usernames=names
                )
                added += len(done["data"]["usernames"]) if done is not None else 0
    return added


async def get_conversations(url: str, seconds: float, token: str, sockets: int) -> int:
    """All of one's conversations, on many sockets at once; gives how many pages were got."""
    deadline = time.monotonic() + seconds
    return sum(await asyncio.gather(*(_pages(url, deadline, token) for _ in range(sockets))))


async def create_conversations(url: str, seconds: float, tokens: list[str], member: str) -> int:
    """Groups of two around one member, by many accounts at once; gives how many were made."""
    deadline = time.monotonic() + seconds
    return sum(await asyncio.gather(*(_groups(url, deadline, each, member) for each in tokens)))


async def _groups(url: str, deadline: float, token: str, member: str) -> int:
    """As many as the hour has for this account."""
    made = 0
    async with aiohttp.ClientSession() as http, _opened(http, url, token) as socket:
        with contextlib.suppress(Refused):  # it is used up
            while time.monotonic() < deadline:
                answer = await _ask(socket, deadline, type="create_conversation", members=[member])
                made += answer is not None
    return made


async def _pages(url: str, deadline: float, token: str) -> int:
    """Whoever is closed for asking on regardless comes back."""
    got, before = 0, None
    async with aiohttp.ClientSession() as http:
        while time.monotonic() < deadline:
            with contextlib.suppress(aiohttp.WSMessageTypeError, aiohttp.ClientError):
                async with _opened(http, url, token) as socket:
                    while time.monotonic() < deadline:
                        page = await _ask(socket, deadline, type="get_conversations", before=before)
                        if page is not None:
                            got, before = got + 1, page["next"]
            await asyncio.sleep(PAUSE)
    return got


def _opened(http: aiohttp.ClientSession, url: str, token: str) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return http.ws_connect(f"{url}/ws", headers=headers, max_msg_size=0)


async def _ask(
    socket: aiohttp.ClientWebSocketResponse, deadline: float, **request: Any
) -> Frame | None:
    """The answer to a request, which is sent again as soon as it may be; None at the deadline."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(deadline - time.monotonic()):
            while True:
                await socket.send_json({"ref": 1, **request})
                answer = await _answer(socket)
                if answer["success"]:
                    return answer
                if answer["code"] != "rate_limited":
                    raise Refused(answer)
                await asyncio.sleep(answer["retry_after_ms"] / 1000)
    return None


async def _answer(socket: aiohttp.ClientWebSocketResponse) -> Frame:
    while True:
        frame: Frame = await socket.receive_json()
        if frame.get("ref") == 1:
            return frame
