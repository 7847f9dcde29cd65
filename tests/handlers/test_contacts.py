"""Contacts: mutual lists, and what they say of each other."""

from tests.support.acts import heard, refused, sees
from tests.support.client import Town


async def test_adding_puts_each_on_the_others_list(guests: Town) -> None:
    """The reply and the push to the other side name the respective contact, without presence,
    which would be old when it is replayed; that is told beside it."""
    alice, bob = await guests.online("alice", "bob")
    data = await alice.do("add_contact", contact_username=bob.username)
    assert data["message"] == f"'{bob.username}' successfully added"
    assert data["contact"]["username"] == bob.username
    push = await bob.next("add_contact")
    assert "ref" not in push
    assert push["data"]["contact"]["username"] == alice.username
    for each in (data["contact"], push["data"]["contact"]):
        assert (each["is_online"], each["last_online"]) == (None, None)
    await sees(alice, bob.username, True)
    await sees(bob, alice.username, True)
    for one, other in ((alice, bob), (bob, alice)):
        listed = await one.do("get_contacts")
        assert listed["contacts"] == [other.username]
        assert [user["username"] for user in listed["users"]] == [other.username]


async def test_own_sockets_hear_of_a_contact_and_nobody_else_does(guests: Town) -> None:
    """A phone learns what the laptop did; a third person hears nothing."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    phone = await guests.people[0].live()
    data = await alice.do("add_contact", contact_username=bob.username.upper())
    assert (await phone.next("add_contact"))["data"] == data
    await alice.do("remove_contact", contact_username=bob.username)
    assert (await phone.next("remove_contact"))["data"] == {"username": bob.username}
    assert await heard(carol) == []
    assert (await carol.do("get_contacts"))["contacts"] == []


async def test_removing_takes_each_off_the_others_list(guests: Town) -> None:
    """The other side is told with the remover as the username."""
    alice, bob = await guests.online("alice", "bob")
    await alice.do("add_contact", contact_username=bob.username)
    data = await bob.do("remove_contact", contact_username=alice.username)
    assert data == {"username": alice.username}
    assert (await alice.next("remove_contact"))["data"] == {"username": bob.username}
    assert (await alice.do("get_contacts"))["contacts"] == []
    assert await refused(alice, "remove_contact", contact_username=bob.username) == (
        "not_found", f"'{bob.username}' is not a contact", "contact_username",
    )  # fmt: skip


async def test_who_cannot_be_added(guests: Town) -> None:
    """The document's three errors, in its words."""
    alice, bob = await guests.online("alice", "bob")
    await alice.do("add_contact", contact_username=bob.username)
    field = "contact_username"
    assert await refused(alice, "add_contact", contact_username="nobody-here") == (
        "not_found", "no such user 'nobody-here' exists", field,
    )  # fmt: skip
    assert await refused(alice, "add_contact", contact_username=alice.username) == (
        "invalid_request", "cannot add itself as a contact", field,
    )  # fmt: skip
    for one, other in ((alice, bob), (bob, alice)):
        assert await refused(one, "add_contact", contact_username=other.username) == (
            "already_exists", f"'{other.username}' is already a contact", field,
        )  # fmt: skip


async def test_contacts_are_listed_by_name(guests: Town) -> None:
    """In alphabetical order, whenever they were added."""
    alice, zoe, bob = await guests.online("alice", "zoe", "bob")
    for other in (zoe, bob):
        await alice.do("add_contact", contact_username=other.username)
    listed = await alice.do("get_contacts")
    assert listed["contacts"] == [bob.username, zoe.username]
    assert listed["message"] == "contacts successfully fetched"


async def test_who_asks_to_be_one_is_listed_by_time(guests: Town) -> None:
    """With the profile; nobody sees who has asked others."""
    alice, zoe, bob = await guests.online("alice", "zoe", "bob")
    await alice.do("update_profile", reachable_by="contacts")
    for asker in (zoe, bob):
        await asker.do("add_contact", contact_username=alice.username)
    listed = (await alice.do("get_contact_requests"))["users"]
    assert [user["username"] for user in listed] == [zoe.username, bob.username]
    assert [user["is_online"] for user in listed] == [None, None]
    assert (await bob.do("get_contact_requests"))["users"] == []
