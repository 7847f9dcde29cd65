"""Coming back to what was missed, as the privacy tests need it."""

from tests.support.client import Person, Socket


async def back(person: Person, cursor: str) -> Socket:
    """A socket that resumes from a cursor; all that was missed has come."""
    socket = await person.connect(cursor)
    await socket.next("resumed")
    return socket


async def again(person: Person, socket: Socket) -> Socket:
    """A socket that resumes where this one was, which is closed."""
    cursor = (await socket.ask("ping"))["cursor"]
    await socket.close()
    return await back(person, str(cursor))
