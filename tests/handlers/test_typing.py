"""typing: told to the others who are there now, and forgotten."""

from tests.support.acts import group, heard, refused, say
from tests.support.client import Town


async def test_the_others_see_who_is_typing_and_who_has_stopped(guests: Town) -> None:
    """With how long it counts; neither cursor nor at; nothing to the typist's other sockets."""
    alice, bob, stranger = await guests.online("alice", "bob", "eve")
    phone = await guests.people[0].live()
    id_ = await group(alice, bob)
    for active, expires in ((True, 6000), (False, 0)):
        data = await alice.do("typing", conversation_id=id_, active=active)
        assert data == {
            "conversation_id": id_, "username": alice.username, "active": active,
            "expires_in_ms": expires,
        }  # fmt: skip
        push = await bob.next("typing")
        assert push["data"] == data
        assert not {"cursor", "at", "ref"} & push.keys()
    assert "typing" not in await heard(phone)
    assert await heard(stranger) == []


async def test_typing_is_not_kept(guests: Town) -> None:
    """Who resumes later gets the message, not the typing before it."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    cursor = (await bob.ask("ping"))["cursor"]
    await bob.drop()
    await alice.do("typing", conversation_id=id_)
    await say(alice, id_, "done")
    back = await guests.people[1].connect(cursor)
    await back.next("resumed")
    assert back.of_type("typing") == []
    assert len(back.of_type("send_message")) == 1


async def test_who_is_no_member_cannot_type(guests: Town) -> None:
    """Nor learn whether there is such a conversation; nobody hears anything."""
    alice, stranger = await guests.online("alice", "eve")
    id_ = await group(alice)
    for each in (id_, 10**9):
        assert await refused(stranger, "typing", conversation_id=each) == (
            "not_found",
            f"{stranger.username} is not part of any conversation with {each} id",
            "conversation_id",
        )
    assert "typing" not in await heard(alice)
