"""Requests that name hundreds of people."""

from tests.abuse import crowd
from tests.abuse.attacks import requests
from tests.abuse.siege import Siege

CROWD = [f"crowd-{n}" for n in range(500)]


async def test_adding_hundreds_makes_nobody_wait(siege: Siege) -> None:
    """Again and again, into new groups, as fast as one account may."""
    crowd.settle(str(siege.server.dbpath), CROWD)
    mallory = await siege.town.person("mallory")
    added = await siege.bears(siege.attack(requests.add_members, token=mallory.token, names=CROWD))
    assert added >= 4 * len(CROWD), "too little happened, this proved nothing"
