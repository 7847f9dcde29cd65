"""Passwords for the server to check: right ones again and again, wrong ones a hundred at once."""

import asyncio
import time
from collections import Counter

import aiohttp

from tests.abuse.attacks.frames import ATTACKER

PASSWORD = "correct horse"


async def logins(url: str, seconds: float, people: int, at_once: int) -> dict[int, int]:
    """Accounts that log in, each so many times at once; gives how often which status came."""
    names = [f"mallory{number}" for number in range(people)]
    async with _session() as http:
        for name in names:
            body = {"username": name, "password": PASSWORD, "fullname": name}
            async with http.post(f"{url}/register", json=body) as answer:
                assert answer.status == 201
        deadline = time.monotonic() + seconds
        loops = (_again(http, url, name, deadline) for name in names for _ in range(at_once))
        return dict(sum(await asyncio.gather(*loops), Counter()))


async def guesses(url: str, seconds: float, at_once: int) -> dict[int, int]:
    """One wrong password each for so many names, all at once; gives how often which status came."""
    async with _session() as http:
        tries = (_try(http, url, f"name{number}", "wrong") for number in range(at_once))
        return dict(Counter(await asyncio.gather(*tries)))


def _session() -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=0, local_addr=(ATTACKER, 0))
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


async def _again(http: aiohttp.ClientSession, url: str, name: str, deadline: float) -> Counter[int]:
    found: Counter[int] = Counter()
    while time.monotonic() < deadline:
        status = await _try(http, url, name, PASSWORD)
        found[status] += 1
        await asyncio.sleep(0 if status == 202 else 0.05)
    return found


async def _try(http: aiohttp.ClientSession, url: str, name: str, password: str) -> int:
    body = {"username": name, "password": password}
    async with http.post(f"{url}/auth/login", json=body) as answer:
        return answer.status
