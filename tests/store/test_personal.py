"""What the database has of a user is declared: what goes with the account, what is exported."""

import pytest

from backend.accounts.export import LISTS
from backend.commands import story
from backend.handlers import blocks, contacts, conversations
from backend.lifecycle.delete_account import delete_account
from backend.protocol.blocks import BlockUser
from backend.protocol.contacts import AddContact
from backend.protocol.conversations import CreateConversation
from backend.settings import Settings, limits_of
from backend.store import accounts, reports, sessions, users
from backend.store.accounts import NewAccount
from backend.store.engine.db import OpenDb
from backend.store.personal import PERSONAL
from backend.store.sessions import Lasting, Login, Refresh

LIMITS = limits_of(Settings())


def columns(db: OpenDb) -> set[str]:
    """The columns that refer to users, or say so by their name."""
    tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    found = set()
    for (table,) in tables:
        sql = 'SELECT "from" FROM pragma_foreign_key_list(?) WHERE "table" = \'users\''
        keys = db.execute(sql, (table,)).fetchall()
        names = db.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
        found |= {f"{table}.{name}" for (name,) in keys}
        if table != "users":
            found |= {f"{table}.{name}" for (name,) in names if "user" in name or name == "target"}
    return found


def rows_of(db: OpenDb, user_id: int) -> dict[str, int]:
    """How many rows each declared column has about a user."""
    counts = {}
    for place in PERSONAL:
        table, column = place.split(".")
        sql = f"SELECT count(*) FROM {table} WHERE {column} = ?"
        counts[place] = db.execute(sql, (user_id,)).fetchall()[0][0]
    return counts


@pytest.mark.sqlite
def test_every_column_that_names_a_user_is_declared(db: OpenDb) -> None:
    """A new table has to say what deleting and exporting do with it, and why if nothing."""
    assert set(PERSONAL) == columns(db)
    for place, each in PERSONAL.items():
        assert each.reason or (each.goes and each.exported), place


def test_the_export_has_what_is_declared() -> None:
    """Nothing less, and nothing more but the profile."""
    exported = {each.exported for each in PERSONAL.values() if each.exported}
    assert exported == {"sessions", "messages", *LISTS}


def test_what_goes_with_an_account_is_gone(db: OpenDb) -> None:
    """Of somebody who had all of it, nothing is left but what is declared to stay."""
    with db.transaction():
        for username, fullname in story.PEOPLE.items():
            accounts.create(db, NewAccount(username, fullname))
        story.tell(db, LIMITS)
        teller = story.Teller(db, LIMITS)
        alice, bob = teller.me("alice"), teller.me("bob")
        for blocker, other in ((alice, "bob"), (bob, "alice")):
            blocks.block_user(db, blocker, BlockUser(username=other))
        accounts.create(db, NewAccount("eve", "Eve", reachable_by="contacts"))
        accounts.create(db, NewAccount("frank", "Frank"))
        users.update(db, alice.id, {"reachable_by": "contacts"})
        for asker, other in ((alice, "eve"), (teller.me("frank"), "alice")):
            contacts.add_contact(db, asker, AddContact(contact_username=other))
        named = CreateConversation(members=["frank"], client_id="c1")
        conversations.create_conversation(db, alice, named)
        reports.note(db, 1, alice.id, "spam")
        login = Login(Refresh(b"hash", None), "127.0.0.1", "phone")
        sessions.create(db, alice.id, login, Lasting(60, 60), limit=10)
        going = {place for place, each in PERSONAL.items() if each.goes}
        before = rows_of(db, alice.id)
        assert [place for place in going if not before[place]] == [], "this proves nothing of them"
        delete_account(db, alice.id)
        after = rows_of(db, alice.id)
        assert {place for place in going if after[place]} == set()
