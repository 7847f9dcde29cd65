"""Who has a direct conversation with somebody is told of them, as contacts are."""

from tests.privacy.coming_back import again, back
from tests.support.acts import direct, group, heard, sees
from tests.support.client import PASSWORD, Town


async def test_partners_see_each_other_come_and_go(guests: Town) -> None:
    """From the row that begins the conversation, over a new connection too."""
    alice, bob = await guests.online("alice", "bob")
    await direct(alice, bob)
    await sees(alice, bob.username, True)
    await sees(bob, alice.username, True)
    await bob.close()
    gone = await sees(alice, bob.username, False)
    assert isinstance(gone["last_online"], int)
    bob = await guests.people[1].connect("")
    assert (await bob.next("resume"))["data"]["online"] == [alice.username]
    await sees(alice, bob.username, True)


async def test_partners_hear_of_a_new_profile(guests: Town) -> None:
    """Live, and when they come back; who shares only a group with one hears nothing."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    await direct(alice, bob)
    await group(alice, carol)
    cursors = [(await each.ask("ping"))["cursor"] for each in (bob, carol)]
    before = len(carol.received)
    await alice.do("update_profile", bio="live")
    assert (await bob.next("update_profile"))["data"]["bio"] == "live"
    assert await heard(carol, before) == []
    for person, cursor, bios in zip(guests.people[1:], cursors, (["live"], []), strict=True):
        replayed = await back(person, cursor)
        assert [each["data"]["bio"] for each in replayed.of_type("update_profile")] == bios


async def test_who_is_no_contact_any_more_may_be_a_partner_still(guests: Town) -> None:
    """A removed contact is told anew what they still may know; without a conversation nothing."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    for other in (bob, carol):
        await alice.do("add_contact", contact_username=other.username)
        await sees(other, alice.username, True)
    await direct(alice, bob)
    for other, is_told in ((bob, True), (carol, False)):
        await other.quiet()
        await alice.do("remove_contact", contact_username=other.username)
        await other.next("remove_contact")
        await sees(other, alice.username, is_told)
        await sees(alice, other.username, is_told)
    before = len(carol.received)
    await alice.do("update_profile", bio="new")
    await bob.next("update_profile")
    assert await heard(carol, before) == []
    bob = await again(guests.people[1], bob)
    assert bob.received[0]["data"]["online"] == [alice.username]
    carol = await again(guests.people[2], carol)
    assert carol.received[0]["data"]["online"] == []


async def test_a_block_lets_partners_go_and_its_end_brings_them_back(guests: Town) -> None:
    """To both sides the other goes offline at once, in the way of somebody who hides it."""
    alice, bob = await guests.online("alice", "bob")
    await direct(alice, bob)
    await sees(bob, alice.username, True)
    await alice.do("block_user", username=bob.username)
    for one, other in ((alice, bob), (bob, alice)):
        assert (await sees(one, other.username, False))["last_online"] is None
    before = len(bob.received)
    await alice.do("update_profile", bio="unseen", hide_presence=True)
    await alice.do("update_profile", hide_presence=False)
    assert await heard(bob, before) == []
    bob = await again(guests.people[1], bob)
    assert bob.received[0]["data"]["online"] == []
    await alice.do("unblock_user", username=bob.username)
    await sees(bob, alice.username, True)
    await sees(alice, bob.username, True)


async def test_a_deleted_partner_goes(guests: Town) -> None:
    """At once, though they have not closed their socket by then."""
    alice, bob = await guests.online("alice", "bob")
    await direct(alice, bob)
    await sees(bob, alice.username, True)
    person = guests.people[0]
    async with person.http.post(
        f"{person.url}/auth/delete", json={"password": PASSWORD}, headers=person.headers
    ) as answer:
        assert answer.status < 300, await answer.text()
    assert (await sees(bob, alice.username, False))["last_online"] is None
