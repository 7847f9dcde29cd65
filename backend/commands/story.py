"""What the people of the demo have said to each other, told through the handlers of the server."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from backend import views
from backend.handlers import contacts, conversations, marks, messages, pins, reactions
from backend.handlers import users as profiles
from backend.handlers.base import Answer, encode
from backend.protocol.contacts import AddContact
from backend.protocol.conversations import CreateConversation, SetTopic
from backend.protocol.marks import MarkRead
from backend.protocol.messages import EditMessage, SendMessage
from backend.protocol.pins import PinMessage
from backend.protocol.reactions import AddReaction
from backend.protocol.users import UpdateProfile
from backend.store import beginnings, log, replay, users
from backend.store import conversations as stored_conversations
from backend.store import messages as stored_messages
from backend.store.engine.db import Db
from backend.store.log import now_ms
from backend.views.viewer import Viewer

PEOPLE = {
    "alice": "Alice Liddell",
    "bob": "Bob Cratchit",
    "charlie": "Charlie Bucket",
    "diana": "Diana Barry",
}
_decode_thing = msgspec.json.Decoder(dict[str, object]).decode


class Nobody:
    """Presence as it is without sockets."""

    def is_online(self, user_id: int) -> bool:
        """Nobody is."""
        return False


class Teller:
    """Lets people do things, as if the days between had passed."""

    def __init__(self, db: Db, limits: Mapping[str, int]) -> None:
        self.db = db
        self._now = now_ms()
        self._limits = limits

    def me(self, username: str) -> Viewer:
        """The one who acts."""
        row = users.by_username(self.db, username)
        assert row is not None
        return Viewer(row.id, row.username, 0, Nobody(), self._limits)

    def befriend(self, username: str, *others: str) -> None:
        """Let somebody add contacts."""
        for other in others:
            contacts.add_contact(self.db, self.me(username), AddContact(contact_username=other))

    def start(self, username: str, others: list[str], name: str | None = None) -> int:
        """Let somebody start a group with a name, or else a direct conversation."""
        kind = "direct" if name is None else "group"
        request = CreateConversation(members=others, name=name, kind=kind)  # type: ignore[arg-type]
        answer = conversations.create_conversation(self.db, self.me(username), request)
        return int(str(self._data(answer)["id"]))

    def say(
        self, when: timedelta, username: str, conversation: int, text: str, reply: int | None = None
    ) -> int:
        """Let somebody send a message that long ago; gives its id."""
        request = SendMessage(conversation_id=conversation, content=text, reply_id=reply)
        answer = messages.send_message(self.db, self.me(username), request)
        message_id = int(str(self._data(answer)["id"]))
        self._date(message_id, {"sent_at": self._time(when)})
        updated = {"updated_at": self._time(when)}
        stored_conversations.update(self.db, conversation, updated)
        return message_id

    def read(self, username: str, conversation: int, message: int) -> None:
        """Let somebody read up to a message."""
        request = MarkRead(conversation_id=conversation, message_id=message)
        marks.mark_read(self.db, self.me(username), request)

    def edit(self, when: timedelta, username: str, message: int, text: str) -> None:
        """Let somebody edit a message of theirs."""
        request = EditMessage(message_id=message, content=text)
        messages.edit_message(self.db, self.me(username), request)
        self._date(message, {"edited_at": self._time(when)})

    def set_beginnings_back(self, when: timedelta) -> None:
        """Let everything that there is be from that time; it is all there is in the database."""
        then = self._time(when)
        beginnings.set_all(self.db, then)
        for message_id in range(1, stored_messages.newest(self.db) + 1):
            self._date(message_id, {"sent_at": then})

    def _time(self, when: timedelta) -> int:
        return self._now - when // timedelta(milliseconds=1)

    def _date(self, message_id: int, times: Mapping[str, object]) -> None:
        """Give a message other times, in the rows of the log that carry it too."""
        stored_messages.update(self.db, message_id, times)
        row = stored_messages.by_id(self.db, message_id)
        assert row is not None
        log.rewrite(self.db, message_id, encode(views.message.for_everyone(self.db, row)))

    def _data(self, answer: Answer) -> dict[str, object]:
        """What the reply would be: that of the log row it names."""
        assert answer.log_id is not None
        (row,) = replay.read_rows(self.db, 0, [answer.log_id], 1)
        return _decode_thing(row.body)


def ago(days: int, hours: float = 0) -> timedelta:
    """So long ago."""
    return timedelta(days=days, hours=hours)


def tell(db: Db, limits: Mapping[str, int]) -> None:
    """Let them meet and talk, in the order of time; the last messages are unread."""
    teller = Teller(db, limits)
    teller.befriend("alice", "bob", "charlie", "diana")
    teller.befriend("bob", "charlie")
    bio = "Curiouser and curiouser."
    profiles.update_profile(db, teller.me("alice"), UpdateProfile(bio=bio))
    club = teller.start("diana", ["alice", "charlie"], "Book club")
    picnic = teller.start("alice", ["bob", "charlie", "diana"], "Picnic on Sunday")
    garden = teller.start("alice", ["bob"])
    concert = teller.start("diana", ["alice"])
    teller.set_beginnings_back(ago(6))
    _about_a_book(teller, club)
    _about_a_picnic(teller, picnic)
    _about_a_key(teller, garden)
    _lately(teller, picnic, concert)


def _about_a_book(teller: Teller, club: int) -> None:
    """With a message that was edited."""
    book = teller.say(ago(5), "diana", club, "Next up: The Hound of the Baskerville")
    title = "Next up: The Hound of the Baskervilles"
    teller.edit(ago(4, 23.9), "diana", book, title)
    last = teller.say(ago(4, 20), "charlie", club, "Read it twice. No spoilers, promise.")
    teller.read("alice", club, last)
    teller.read("diana", club, last)


def _about_a_picnic(teller: Teller, picnic: int) -> None:
    """With a pin, an answer and reactions."""
    db, alice = teller.db, teller.me("alice")
    topic = SetTopic(conversation_id=picnic, topic="Who brings what")
    conversations.set_topic(db, alice, topic)
    where = teller.say(ago(3, 5), "alice", picnic, "Sunday at noon, by the old mill. Who is in?")
    pins.pin_message(db, alice, PinMessage(message_id=where))
    teller.say(ago(3, 4), "bob", picnic, "I am. I'll bring bread and cheese.")
    cake = teller.say(ago(3, 2), "diana", picnic, "Raspberry cordial and a cake!")
    teller.say(ago(2, 22), "charlie", picnic, "A whole cake? I'm in.", reply=cake)
    for username, emoji in (("alice", "🎂"), ("bob", "🎂"), ("charlie", "🎉")):
        request = AddReaction(message_id=cake, emoji=emoji)
        reactions.add_reaction(db, teller.me(username), request)


def _about_a_key(teller: Teller, garden: int) -> None:
    teller.say(ago(2, 1), "alice", garden, "Did you find the key to the garden?")
    last = teller.say(ago(2, 0.9), "bob", garden, "It was on the glass table all along.")
    teller.read("alice", garden, last)


def _lately(teller: Teller, picnic: int, concert: int) -> None:
    """Not all of it is read; with a mention."""
    last = teller.say(ago(1, 3), "alice", picnic, "The forecast says sun.")
    for username in ("bob", "charlie", "diana"):
        teller.read(username, picnic, last)
    teller.say(ago(1), "alice", concert, "How was the concert?")
    teller.say(ago(0, 2), "bob", picnic, "@alice do we need a second blanket?")
    teller.say(ago(0, 1), "diana", concert, "Wonderful. They played for three hours.")
    teller.say(ago(0, 0.9), "diana", concert, "Next time you come along!")
