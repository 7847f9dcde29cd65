"""This process among those that serve the same database: it lives, tells and hears, and misses.

Only where several can: with SQLite there is one, and nothing of this runs.
"""

import asyncio
from functools import partial

from backend.gateway.elsewhere import TOPIC, Here
from backend.gateway.gateway import Gateway
from backend.logs import Journal, Spell
from backend.peers import Peers, pack
from backend.periodic import Periodic
from backend.store import jobs, nodes, users
from backend.store.database import Database
from backend.store.engine.db import Db, OpenDb
from backend.store.log import now_ms

journal = Journal("parley.cluster")
TELL_SECONDS = 0.1
BEAT_SECONDS = 3.0
CLAIM_SECONDS = BEAT_SECONDS / 2
MISSES = 4  # of our beats in which another's has not gone on: it is dead
SETTLE_SECONDS = 2 * BEAT_SECONDS  # in which all nodes are back after the database was gone
ROWS = 200


class Cluster:
    """What this node does about the others."""

    def __init__(self, database: Database, gateway: Gateway, peers: Peers, grace: float) -> None:
        """Who was online at a dead node is gone after `grace` seconds, or when it is missed."""
        self._database = database
        self._gateway = gateway
        self._peers = peers
        self._patience = max(MISSES, round(grace / BEAT_SECONDS))
        self._beats: dict[str, tuple[int, int]] = {}  # the last beat, and how often it was the last
        self._is_behind = False  # what others know of us may be wrong
        self._look_at: float | None = None  # when to look for everybody, who may have gone unheard
        self._periodic = Periodic(Spell(_waits, _goes_on), _failed)

    async def start(self) -> None:
        """Be one of them; raises Unavailable."""
        self._look_at = 0.0
        self._database.on_told = self._peers.heard
        self._database.on_hearing = self._heard_again
        await self._beat()
        for seconds, job in ((TELL_SECONDS, self._tell), (BEAT_SECONDS, self._beat)):
            self._periodic.repeat(seconds, job)

    async def stop(self) -> None:
        """Be silent: the others miss us, and by then our people are elsewhere, or gone."""
        await self._periodic.stop()

    async def _tell(self) -> None:
        """Tell what waits, in one transaction with who is online here now.

        Who is gone is told by nothing else: it waits until the database is back.
        """
        notes = self._peers.take()
        if not notes:
            return
        try:
            await self._database.beside(partial(_write, self._peers.node, notes))
        except BaseException:
            self._is_behind = True
            self._peers.put_back(TOPIC)
            raise

    async def _beat(self) -> None:
        """Live on, and look who does not; who was given up tells again who is here."""
        node = self._peers.node
        known, beats = await self._database.beside(lambda db: nodes.beat(db, node))
        if self._is_behind or not known:
            self._is_behind = False
            self._gateway.tell_everybody()
        if self._look_at is not None and self._look_at <= asyncio.get_running_loop().time():
            await self._look()
        self._beats = {each: self._seen(each, beat) for each, beat in beats.items() if each != node}
        dead = [each for each, (_, times) in self._beats.items() if times >= self._patience]
        if not dead:
            return
        if await self._database.write(_claim):
            for each in dead:
                await self._bury(each)

    def _seen(self, node: str, beat: int) -> tuple[int, int]:
        before, times = self._beats.get(node, (0, 0))
        return beat, times + 1 if before == beat else 0

    async def _bury(self, node: str) -> None:
        """Tell for a dead node that its people are gone."""
        journal.warning("node_missed", "node %(missed)s is missed", missed=node)
        when = now_ms() - int(self._patience * BEAT_SECONDS * 1000)
        while rows := await self._database.read(lambda db: nodes.some_of(db, node, ROWS)):
            ids = [present.user_id for present, _ in rows]
            await self._database.write(partial(users.touch, ids=ids, when_ms=when))
            notes: list[tuple[str, object]] = []
            for present, watchers in rows:
                _, user_id, username, hidden, _ = present
                told = tuple(watchers)
                gone = Here(user_id, username, hidden, False, (), told, last_online=when // 1000)
                notes.append((TOPIC, gone))
            await self._database.beside(partial(_write, node, notes))
        await self._database.beside(lambda db: nodes.forget(db, node))

    def _heard_again(self) -> None:
        """What was told meanwhile was not heard: once all are back, all are looked for."""
        self._is_behind = True
        self._look_at = asyncio.get_running_loop().time() + SETTLE_SECONDS

    async def _look(self) -> None:
        due = self._look_at
        self._gateway.presence.seek()
        found = await self._database.read(nodes.everybody)
        if self._look_at == due:  # otherwise some of it was not heard, again
            self._look_at = None
        self._gateway.presence.found(
            (each.node, Here(each.user_id, each.username, each.hidden, True, each.opened))
            for each in found
            if each.node != self._peers.node
        )


def _write(node: str, notes: list[tuple[str, object]], db: OpenDb) -> None:
    here = [body for _, body in notes if isinstance(body, Here)]
    nodes.put(db, node, [(each.user_id, each.opened) for each in here if each.is_online])
    nodes.take(db, node, [each.user_id for each in here if not each.is_online])
    db.tell(pack(node, notes))


def _claim(db: Db) -> bool:
    """Whether this node buries the dead of this beat; one of us does."""
    return jobs.claim(db, "bury", CLAIM_SECONDS)


def _waits(error: Exception) -> None:
    journal.warning("cluster_waits", "the other nodes are not reached: %(reason)s", reason=error)


def _goes_on() -> None:
    journal.info("cluster_goes_on", "the other nodes are reached again")


def _failed(error: Exception) -> None:
    journal.error("cluster_failed", "the other nodes were not told", fault=error)
