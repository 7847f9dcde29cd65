"""Messages, over real sockets against a real server."""

from tests.support.client import Town


async def test_a_message_reaches_every_socket_of_every_member(people: Town) -> None:
    """All members get the same event, the sender as the reply, their other sockets as a push."""
    alice, bob = await people.online("alice", "bob")
    phone = await people.people[0].connect()
    await phone.ask("ping")
    conversation = await alice.do("create_conversation", members=["bob"])
    reply = await alice.ask("send_message", conversation_id=conversation["id"], content="hi")
    push = await bob.next("send_message")
    assert push["data"] == reply["data"] == (await phone.next("send_message"))["data"]
    assert "ref" not in push
