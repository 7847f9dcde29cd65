"""Which processes there are, and who is online at which."""

from backend.store import nodes
from backend.store.engine.db import OpenDb


def test_who_is_at_a_node_that_is_not_known_is_not_online(db: OpenDb) -> None:
    """Nobody would ever find it dead."""
    with db.beside():
        db.execute(
            "INSERT INTO users (id, username, username_key, fullname, fullname_key, created_at,"
            " updated_at) VALUES (1, 'alice', 'alice', 'Alice', 'alice', 0, 0)"
        )
        nodes.beat(db, "living")
        for node in ("living", "forgotten"):
            nodes.put(db, node, [(1, (5,))])
        assert [(each.node, each.opened) for each in nodes.everybody(db)] == [("living", (5,))]
        nodes.forget(db, "another")
        assert db.execute("SELECT node_id FROM presence").fetchall() == [("living",)]
