"""Messages that are hard to index."""

import asyncio
import time

import pytest

from backend.store.tokens import index_tokens
from tests.abuse.siege import Siege

EIGHTEEN = "\ufdfa"  # one letter that decomposes into eighteen, in four words


@pytest.mark.parametrize("letter", [EIGHTEEN, "㌀", "語", "ﷺ "])
def test_no_text_has_many_more_tokens_than_letters(letter: str) -> None:
    """However far its letters decompose."""
    text = (letter * 4000)[:4000]
    found = index_tokens(text)
    assert 0 < len(found) <= 2 * len(text)
    assert sum(map(len, found)) <= 4 * len(text)


async def test_others_are_found_within_seconds(siege: Siege) -> None:
    """While one account sends as many of the worst messages as it may."""
    mallory, alice = await siege.town.online("mallory", "alice")
    bad = (await mallory.do("create_conversation", members=[]))["id"]
    good = (await alice.do("create_conversation", members=[]))["id"]
    for number in range(150):
        await mallory.send(
            {"type": "send_message", "ref": number, "conversation_id": bad,
             "content": EIGHTEEN * 4000}
        )  # fmt: skip
    await mallory.wait_for(lambda frame: frame.get("ref") == 149, within=30)
    await alice.do("send_message", conversation_id=good, content="needle")
    started = time.monotonic()
    while not (await alice.do("search_messages", query="needle"))["messages"]:
        assert time.monotonic() - started < 20
        await asyncio.sleep(0.2)  # within what one may ask
