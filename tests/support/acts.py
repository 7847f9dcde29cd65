"""What many tests begin with: groups, direct conversations, messages; and how outsiders fare."""

from typing import Any

from tests.support.client import Frame, Socket


async def group(owner: Socket, *others: Socket, **fields: Any) -> int:
    """A group of these people, who have all taken what told them of it; gives its id."""
    members = [other.username for other in others]
    data = await owner.do("create_conversation", members=members, **fields)
    for other in others:
        await other.wait_for(lambda frame: is_about(frame, "create_conversation", data["id"]))
    if data["kind"] == "group":  # its first message says who made it
        for each in (owner, *others):
            while not is_about(await each.next("send_message"), "send_message", data["id"]):
                pass
    return int(data["id"])


def assert_tells(message: Any, action: str, actor: Socket, *subjects: Socket) -> None:
    """A message of the system tells that somebody did this to these people."""
    names = [each.username for each in subjects]
    found = (message["kind"], message["action"], message["actor"], message["subjects"])
    assert found == ("system", action, actor.username, names)
    assert message["sender_username"] == actor.username


async def direct(one: Socket, other: Socket) -> int:
    """The direct conversation of two people; gives its id."""
    return await group(one, other, kind="direct")


async def say(sender: Socket, conversation_id: int, content: str, **fields: Any) -> Any:
    """A message; gives it as it is told to the sender."""
    return await sender.do(
        "send_message", conversation_id=conversation_id, content=content, **fields
    )


async def newest(reader: Socket, conversation_id: int, **fields: Any) -> list[Any]:
    """A page of messages as the reader sees them."""
    data = await reader.do("get_messages", conversation_id=conversation_id, **fields)
    return list(data["messages"])


async def texts(reader: Socket, conversation_id: int, **fields: Any) -> list[str]:
    """The texts of a page that people wrote, newest first."""
    found = await newest(reader, conversation_id, **fields)
    return [message["content"] for message in found if message["kind"] == "text"]


async def mine(reader: Socket, conversation_id: int) -> Any:
    """The reader's own part of a conversation."""
    return (await reader.do("get_conversation_info", id=conversation_id))["me"]


async def refused(asker: Socket, type_: str, **fields: Any) -> tuple[str, str, str | None]:
    """The (code, text, field) of a request that must be refused."""
    reply = await asker.ask(type_, **fields)
    assert reply["success"] is False, reply
    assert reply["type"] == type_
    return reply["code"], reply["error"], reply.get("field")


async def sees(watcher: Socket, username: str, is_online: bool) -> Any:
    """Wait until the next user_status that this person comes or goes; gives its data."""
    while True:
        data = (await watcher.next("user_status"))["data"]
        if (data["username"], data["is_online"]) == (username, is_online):
            return data


def is_about(frame: Frame, type_: str, conversation_id: int) -> bool:
    """Whether a frame is of a type and about a conversation."""
    data = frame.get("data")
    return (
        frame["type"] == type_
        and isinstance(data, dict)
        and conversation_id in (data.get("conversation_id"), data.get("id"))
    )


async def heard(listener: Socket, since: int = 0) -> list[str]:
    """The types of what a socket was sent unasked, after its first `since` frames."""
    await listener.quiet()
    return [frame["type"] for frame in listener.received[since:] if "ref" not in frame]
