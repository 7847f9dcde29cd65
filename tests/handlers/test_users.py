"""Looking people up, profiles, and who may see whose presence."""

from tests.support.acts import group, heard, refused, sees
from tests.support.client import Town


async def test_somebody_is_told_by_name_or_by_id(guests: Town) -> None:
    """In any case; the same User either way, without what is private."""
    alice, bob = await guests.online("alice", "bob")
    data = await alice.do("get_user", username=bob.username.upper())
    assert data["username"] == bob.username
    assert data == await alice.do("get_user", id=data["id"])
    assert "email" not in data


async def test_nobody_is_not_found(guests: Town) -> None:
    """By name and by id; and asking for both or neither is an error that says so."""
    (alice,) = await guests.online("alice")
    assert await refused(alice, "get_user", username="nobody-here") == (
        "not_found", "no such user 'nobody-here' exists", "username",
    )  # fmt: skip
    assert await refused(alice, "get_user", id=10**9) == (
        "not_found", f"no such user '{10**9}' exists", "id",
    )  # fmt: skip
    for fields in ({}, {"id": 1, "username": alice.username}):
        assert (await refused(alice, "get_user", **fields))[0] == "invalid_request"


async def test_presence_is_seen_by_contacts_and_co_members_only(guests: Town) -> None:
    """A stranger sees null; so does who asks about nobody."""
    alice, bob, carol, stranger = await guests.online("alice", "bob", "carol", "dave")
    await alice.do("add_contact", contact_username=bob.username)
    await group(alice, carol)
    for viewer, seen in ((bob, True), (carol, True), (alice, True), (stranger, None)):
        data = await viewer.do("get_user", username=alice.username)
        assert data["is_online"] is seen
        asked = [alice.username, "nobody-here"]
        answer = (await viewer.do("get_presence", usernames=asked))["presence"]
        assert [each["username"] for each in answer] == asked
        assert [each["is_online"] for each in answer] == [seen, None]
        found = (await viewer.do("search_users", prefix=alice.username))["users"]
        assert [user["is_online"] for user in found] == [seen]


async def test_co_members_of_old_see_no_presence(guests: Town) -> None:
    """Once removed from the only shared group, presence is null again."""
    alice, carol = await guests.online("alice", "carol")
    id_ = await group(alice, carol)
    await alice.do("remove_member", conversation_id=id_, username=carol.username)
    for one, other in ((alice, carol), (carol, alice)):
        assert (await one.do("get_user", username=other.username))["is_online"] is None


async def test_hiding_presence_hides_it_from_all_but_oneself(guests: Town) -> None:
    """To contacts one goes offline at once, and comes back when one shows it again."""
    alice, bob = await guests.online("alice", "bob")
    await alice.do("add_contact", contact_username=bob.username)
    data = await alice.do("update_profile", hide_presence=True)
    assert (data["me"]["hide_presence"], data["is_online"]) == (True, True)
    assert (await sees(bob, alice.username, False))["last_online"] is None
    assert (await bob.do("get_user", username=alice.username))["is_online"] is None
    assert (await alice.do("self"))["is_online"] is True
    await alice.do("update_profile", hide_presence=False)
    await sees(bob, alice.username, True)
    assert (await bob.do("get_user", username=alice.username))["is_online"] is True


async def test_a_profile_change_reaches_contacts_without_what_is_private(guests: Town) -> None:
    """Own sockets get all of it, contacts the same without `me`, strangers nothing."""
    alice, bob, stranger = await guests.online("alice", "bob", "eve")
    phone = await guests.people[0].live()
    await alice.do("add_contact", contact_username=bob.username)
    email = f"{alice.username}@example.org"
    data = await alice.do("update_profile", fullname="Alice Liddell", bio="curious", email=email)
    assert (data["fullname"], data["bio"]) == ("Alice Liddell", "curious")
    mine = data["me"]
    assert mine == {key: (await alice.do("self"))[key] for key in mine}
    assert mine["email"] == email
    assert (await phone.next("update_profile"))["data"] == data
    push = (await bob.next("update_profile"))["data"]
    shown = {key: value for key, value in data.items() if key != "me"}
    assert push == {**shown, "is_online": None, "last_online": None}
    assert await heard(stranger) == []
    assert (await alice.do("update_profile", email=""))["me"]["email"] is None


async def test_what_a_profile_may_not_be(guests: Town) -> None:
    """Each refusal names the field; that an address is another's is told to nobody."""
    alice, bob = await guests.online("alice", "bob")
    email = f"{alice.username}@example.org"
    await alice.do("update_profile", email=email)
    same = await bob.do("update_profile", email=email.upper())
    assert same["me"]["email"] == email.upper()
    for field, value in (("fullname", " "), ("fullname", "a\nb"), ("email", "nonsense")):
        code, _, named = await refused(bob, "update_profile", **{field: value})
        assert (code, named) == ("invalid_request", field)


async def test_people_are_found_by_the_beginning_of_either_name(guests: Town) -> None:
    """Without regard to case, and to letters that mean something in SQL."""
    alice, bob = await guests.online("alice", "bob")
    await bob.do("update_profile", fullname=f"Łukasz_{bob.username}")
    for prefix in (f"łukasz_{bob.username}", bob.username.upper()):
        users = (await alice.do("search_users", prefix=prefix))["users"]
        assert [user["username"] for user in users] == [bob.username]
    for prefix in ("%", "ukasz", "\U0010ffff"):
        assert (await alice.do("search_users", prefix=prefix))["users"] == []
    assert len((await alice.do("search_users", prefix="a", limit=1))["users"]) == 1
