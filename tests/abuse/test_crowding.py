"""Groups made around somebody, so that nothing of theirs finds room."""

import asyncio

from tests.abuse import crowd
from tests.abuse.attacks import requests
from tests.abuse.siege import Siege

GROUPS = 1000  # MAX_CONVERSATIONS
ATTACKERS = 10


async def test_who_is_crowded_can_still_create_and_be_written_to(siege: Siege) -> None:
    """A thousand groups of others are around the victim, who makes one more, and is written to."""
    mallory, victim, friend = await siege.town.online("mallory", "victim", "friend")
    names = [mallory.username, victim.username]
    crowd.put_into_groups(str(siege.server.dbpath), names, GROUPS)
    own = await victim.do("create_conversation", members=["friend"])
    assert own["me"]["role"] == "owner"
    direct = await friend.do("create_conversation", kind="direct", members=["victim"])
    await friend.do("send_message", conversation_id=direct["id"], content="still here")
    await victim.wait_for(
        lambda frame: frame["type"] == "send_message" and frame["data"]["content"] == "still here"
    )
    more = await mallory.ask("create_conversation", members=["victim"])
    assert more["code"] == "too_large"


async def test_making_groups_around_somebody_makes_nobody_wait(siege: Siege) -> None:
    """Ten accounts at once, each as fast as it may, until each has had its hour's groups."""
    await siege.town.online("victim")
    attackers = [await siege.town.person(f"mallory-{n}") for n in range(ATTACKERS)]
    attack = siege.attack(
        requests.create_conversations,
        tokens=[each.token for each in attackers],
        member="victim",
    )
    made = await siege.bears(asyncio.ensure_future(attack))
    assert ATTACKERS < made <= ATTACKERS * 100
