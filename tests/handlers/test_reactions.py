"""Reactions."""

from tests.support.acts import group, heard, newest, refused, say
from tests.support.client import Town


async def test_a_reaction_tells_all_the_counts(guests: Town) -> None:
    """Absolute, to all members; readers also see which are their own."""
    alice, bob = await guests.online("alice", "bob")
    id_ = await group(alice, bob)
    message = await say(alice, id_, "x")
    about = {"message_id": message["id"]}
    await alice.do("add_reaction", emoji="👍", **about)
    await bob.do("add_reaction", emoji="+1", **about)
    data = await bob.do("add_reaction", emoji="👍", **about)
    counts = data["reactions"]
    assert {each["emoji"]: each["count"] for each in counts} == {"👍": 2, "+1": 1}
    assert data == {
        "conversation_id": id_, "message_id": message["id"], "username": bob.username,
        "emoji": "👍", "reactions": counts,
    }  # fmt: skip
    await alice.wait_for(lambda frame: frame["data"] == data and "ref" not in frame)
    read = (await newest(alice, id_))[0]
    assert read["reactions"] == data["reactions"]
    assert read["me"]["reactions"] == ["👍"]
    assert (await newest(bob, id_))[0]["me"]["reactions"] == ["+1", "👍"]
    gone = await bob.do("remove_reaction", emoji="👍", **about)
    assert {"emoji": "👍", "count": 1} in gone["reactions"]
    await alice.wait_for(lambda frame: frame["type"] == "remove_reaction")


async def test_reacting_twice_changes_nothing(guests: Town) -> None:
    """The same counts come back, and nobody is told; so it is with taking back what is not."""
    alice, bob = await guests.online("alice", "bob")
    message = await say(alice, await group(alice, bob), "x")
    about = {"message_id": message["id"], "emoji": "+1"}
    first = await alice.do("add_reaction", **about)
    assert await alice.do("add_reaction", **about) == first
    await alice.do("remove_reaction", **about)
    assert (await alice.do("remove_reaction", **about))["reactions"] == []
    assert [each for each in await heard(bob) if "reaction" in each] == [
        "add_reaction", "remove_reaction",
    ]  # fmt: skip


async def test_a_reaction_is_an_emoji_or_a_short_word(guests: Town) -> None:
    """No white space, no control characters, at most 32 characters."""
    (alice,) = await guests.online("alice")
    message = await say(alice, await group(alice), "x")
    for emoji in ("", "two words", "a\n", "x" * 33):
        code, _, field = await refused(alice, "add_reaction", message_id=message["id"], emoji=emoji)
        assert (code, field) == ("invalid_request", "emoji")
    for emoji in ("👩🏽‍🚒", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "ok"):
        await alice.do("add_reaction", message_id=message["id"], emoji=emoji)


async def test_a_message_takes_fifty_different_reactions(guests: Town) -> None:
    """One more is too_large; one that is there already still passes."""
    alice, bob = await guests.online("alice", "bob")
    message = await say(alice, await group(alice, bob), "x")
    about = {"message_id": message["id"]}
    for number in range(50):
        await alice.do("add_reaction", emoji=f"e{number}", **about)
    assert await refused(alice, "add_reaction", emoji="e50", **about) == (
        "too_large", "a message takes at most 50 reactions", "emoji",
    )  # fmt: skip
    await bob.do("add_reaction", emoji="e7", **about)


async def test_who_reacted_is_told_page_by_page(guests: Town) -> None:
    """Each person once with all of theirs, as the reader may see them; or who gave one emoji."""
    alice, bob, carol = await guests.online("alice", "bob", "carol")
    message = await say(alice, await group(alice, bob, carol), "x")
    about = {"message_id": message["id"]}
    for who, emoji in ((carol, "👍"), (bob, "ok"), (bob, "👍"), (alice, "ok")):
        await who.do("add_reaction", emoji=emoji, **about)
    reply = await alice.ask("get_reactions", **about)
    given = [(each["user"]["username"], each["emojis"]) for each in reply["data"]["reactors"]]
    assert given == [
        (alice.username, ["ok"]),
        (bob.username, ["ok", "👍"]),
        (carol.username, ["👍"]),
    ]
    assert (reply["more"], reply["next"]) == (False, None)
    assert reply["data"]["reactors"][1]["user"]["is_online"] is True
    page = await alice.ask("get_reactions", emoji="👍", limit=1, **about)
    (only,) = page["data"]["reactors"]
    assert (only["user"]["username"], only["emojis"]) == (bob.username, ["👍"])
    rest = await alice.ask("get_reactions", emoji="👍", after=page["next"], **about)
    assert [each["user"]["username"] for each in rest["data"]["reactors"]] == [carol.username]
    assert (page["more"], rest["more"]) == (True, False)
