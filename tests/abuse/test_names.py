"""Requests that name hundreds of people."""

import json
from pathlib import Path

from tests.abuse import crowd
from tests.abuse.attacks import requests
from tests.abuse.siege import WRITTEN_AT_MOST, Siege

CROWD = [f"crowd-{n}" for n in range(500)]
# what a commit takes beside its rows: pages of 4 KiB, each of which is written whole
PAGES_AT_MOST = 20
PAGE_BYTES = 4096 + 24


async def test_adding_hundreds_makes_nobody_wait(siege: Siege) -> None:
    """Again and again, into new groups, as fast as one account may."""
    crowd.settle(str(siege.server.dbpath), CROWD)
    mallory = await siege.town.person("mallory")
    added = await siege.bears(siege.attack(requests.add_members, token=mallory.token, names=CROWD))
    assert added >= 4 * len(CROWD), "too little happened, this proved nothing"


async def test_what_is_written_is_in_proportion_to_the_names(siege: Siege) -> None:
    """One row tells all who join; nothing is written once for each of them but the membership."""
    crowd.settle(str(siege.server.dbpath), CROWD)
    (mallory,) = await siege.town.online("mallory")
    group = await mallory.do("create_conversation", members=[])
    wal = Path(f"{siege.server.dbpath}-wal")
    before = wal.stat().st_size
    request = {"conversation_id": group["id"], "usernames": CROWD}
    await mallory.do("add_members", **request)
    written = wal.stat().st_size - before
    allowed = WRITTEN_AT_MOST * len(json.dumps(request)) + PAGES_AT_MOST * PAGE_BYTES
    assert 0 < written <= allowed
