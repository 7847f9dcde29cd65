"""user_status: told to contacts when the first socket opens and the last one closes."""

from tests.support.acts import group, heard, sees
from tests.support.client import Town


async def test_contacts_hear_who_comes_and_who_goes(guests: Town) -> None:
    """Once for the first socket, once for the last; the second tab is no news."""
    (bob,) = await guests.online("bob")
    alice = await guests.person("alice")
    laptop = await alice.connect()
    await laptop.do("add_contact", contact_username=bob.username)
    await sees(bob, alice.username, True)
    phone = await alice.live()
    await laptop.close()
    await phone.ask("ping")
    await phone.close()
    gone = await sees(bob, alice.username, False)
    assert isinstance(gone["last_online"], int)
    await alice.connect()
    await sees(bob, alice.username, True)
    assert len(bob.of_type("user_status")) == 3


async def test_last_online_is_kept(guests: Town) -> None:
    """A contact who is away has the time they went, also when read later."""
    (bob,) = await guests.online("bob")
    alice = await guests.person("alice")
    laptop = await alice.connect()
    await laptop.do("add_contact", contact_username=bob.username)
    await laptop.close()
    gone = await sees(bob, alice.username, False)
    await bob.do("update_profile")  # a write, so that the note of when she went is written too
    seen = await bob.do("get_user", username=alice.username)
    assert seen["is_online"] is False
    assert seen["last_online"] == gone["last_online"]


async def test_others_hear_nothing_of_it(guests: Town) -> None:
    """Neither a stranger nor a co-member, a former contact or one who is blocked."""
    others = await guests.online("carol", "frank", "bill", "eve")
    carol, former, blocked, _ = others
    alice = await guests.person("alice")
    laptop = await alice.connect()
    await group(laptop, carol)
    await laptop.do("add_contact", contact_username=former.username)
    await laptop.do("remove_contact", contact_username=former.username)
    await laptop.do("add_contact", contact_username=blocked.username)
    await laptop.do("block_user", username=blocked.username)
    # one contact more, who hears it, so that the others could have
    (witness,) = await guests.online("witness")
    await laptop.do("add_contact", contact_username=witness.username)
    before = [len(each.received) for each in others]
    await laptop.close()
    await sees(witness, alice.username, False)
    for each, since in zip(others, before, strict=True):
        assert await heard(each, since) == []


async def test_who_hides_it_comes_and_goes_unnoticed(guests: Town) -> None:
    """Also over a new connection; one who shows it is noticed by the same contact."""
    (bob,) = await guests.online("bob")
    alice, witness = await guests.person("alice"), await guests.person("witness")
    laptop, known = await alice.connect(), await witness.connect()
    for each in (laptop, known):
        await each.do("add_contact", contact_username=bob.username)
    await laptop.do("update_profile", hide_presence=True)
    await sees(bob, alice.username, False)
    before = len(bob.received)
    await laptop.close()
    await known.close()
    await sees(bob, witness.username, False)
    await (await alice.connect()).ask("ping")
    await bob.quiet()
    told = [frame["data"]["username"] for frame in bob.received[before:] if "ref" not in frame]
    assert told == [witness.username]


async def test_opening_with_a_cursor_tells_who_is_online(guests: Town) -> None:
    """Contacts only, and only those who show it."""
    bob, hidden, stranger = await guests.online("bob", "hidden", "eve")
    alice = await guests.person("alice")
    laptop = await alice.connect()
    for other in (bob, hidden):
        await laptop.do("add_contact", contact_username=other.username)
    await hidden.do("update_profile", hide_presence=True)
    await group(laptop, stranger)
    phone = await alice.connect("")
    told = (await phone.next("resume"))["data"]
    assert told["online"] == [bob.username]
    assert told["self"]["is_online"] is True


async def test_in_conversations_one_sees_of_each_what_one_may(guests: Town) -> None:
    """Oneself online; who hides it not, be they a contact."""
    alice, bob, hidden = await guests.online("alice", "bob", "hidden")
    await hidden.do("update_profile", hide_presence=True)
    id_ = await group(alice, bob, hidden)
    info = await alice.do("get_conversation_info", id=id_)
    (listed,) = await alice.do("get_conversations")
    for told in (info, listed):
        seen = {each["username"]: each["is_online"] for each in told["participants"]}
        assert seen == {alice.username: True, bob.username: True, hidden.username: None}
