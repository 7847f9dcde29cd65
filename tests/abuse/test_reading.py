"""Requests that read much."""

from tests.abuse import crowd
from tests.abuse.attacks import requests
from tests.abuse.siege import Siege

GROUPS = 989


async def test_listing_a_thousand_large_groups_makes_nobody_wait(siege: Siege) -> None:
    """Forty-five sockets of one account, who is in groups of a hundred, ask again and again."""
    names = [f"crowd-{n}" for n in range(99)]
    mallory = await siege.town.person("mallory")
    crowd.settle(str(siege.server.dbpath), names)
    crowd.put_into_groups(str(siege.server.dbpath), [mallory.username, *names], GROUPS)
    attack = siege.attack(requests.get_conversations, token=mallory.token, sockets=45)
    assert await siege.bears(attack) > 20, "too little happened, this proved nothing"
