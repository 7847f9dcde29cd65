"""A socket is live from the moment it opens."""

from tests.support.client import Town


async def test_what_is_sent_right_after_a_socket_opened_arrives(people: Town) -> None:
    """The client need not say anything first: the next message of anybody reaches it."""
    alice, bob = await people.online("alice", "bob")
    id_ = (await alice.do("create_conversation", members=["bob"]))["id"]
    await bob.close()
    for number in range(30):
        opened = await people.people[1].connect()
        await alice.do("send_message", conversation_id=id_, content=str(number))
        push = await opened.next("send_message")
        assert push["data"]["content"] == str(number)
        await opened.close()
