"""What nodes tell each other beside the log: things of the moment, of which the last value counts.

What is lost here costs time, never an event. Told by nobody where there is one process only.
"""

import contextlib
import functools
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

MAX_BYTES = 7900  # a notification of PostgreSQL's has under 8,000
PIECE_BYTES = 5700  # of a note that is longer than that; a third more in base64
Hear = Callable[[str, msgspec.Raw], None]


@functools.cache
def own_name() -> str:
    """What this process is called among its like; no name of a machine, for strangers see it."""
    return secrets.token_hex(4)


class Note(msgspec.Struct, array_like=True, frozen=True):
    """Something told: what it is about, and what of it."""

    topic: str
    body: msgspec.Raw


class Piece(msgspec.Struct, array_like=True, frozen=True):
    """One of so many of a note that is too long to be told whole, from 0."""

    number: int
    count: int
    part: bytes


class Parcel(msgspec.Struct, array_like=True, frozen=True):
    """What a node told in a moment."""

    node: str
    notes: list[Note]
    piece: Piece | None = None


_decode = msgspec.json.Decoder(Parcel).decode
_decode_note = msgspec.json.Decoder(Note).decode
_encode = msgspec.json.Encoder().encode


class Peers:
    """What waits to be told by this node, and who hears what others tell.

    Nothing waits while it is not `open`.
    """

    def __init__(self, node: str) -> None:
        self.node = node
        self.is_open = False
        self._waiting: dict[tuple[str, object], object] = {}
        self._taken: dict[tuple[str, object], object] = {}
        self._hearers: dict[str, Hear] = {}
        self._pieces: dict[str, list[bytes]] = {}

    def hear(self, topic: str, body: type[T], heard: Callable[[str, T], None]) -> None:
        """Have `heard` called with each node's name and what it tells about `topic`."""
        decode = msgspec.json.Decoder(body).decode
        self._hearers[topic] = lambda node, raw: heard(node, decode(raw))

    def tell(self, topic: str, key: object, body: object) -> None:
        """Tell the others; of what has the same key only the last is told."""
        if self.is_open:
            self._waiting.pop((topic, key), None)
            self._waiting[topic, key] = body

    def add(self, topic: str, key: object, amount: float) -> None:
        """Tell the others that so much has been added; amounts are added up until they are told."""
        if self.is_open:
            before: Any = self._waiting.get((topic, key), (key, 0.0))
            self._waiting[topic, key] = (key, before[1] + amount)

    def take(self) -> list[tuple[str, object]]:
        """What waits, in order, as (topic, body); it waits no more."""
        self._taken, self._waiting = self._waiting, {}
        return [(topic, body) for (topic, _), body in self._taken.items()]

    def put_back(self, topic: str) -> None:
        """Let what was taken last about `topic` wait again, but where something newer does."""
        taken = {key: body for key, body in self._taken.items() if key[0] == topic}
        self._waiting = taken | self._waiting

    def heard(self, text: str) -> None:
        """Hand out what another node has told; our own words are not heard.

        What is not understood, of another version in the middle of a deploy, is left out.
        """
        parcel = _decode(text)
        if parcel.node == self.node:
            return
        notes = parcel.notes if parcel.piece is None else self._whole(parcel.node, parcel.piece)
        for note in notes:
            if note.topic in self._hearers:
                with contextlib.suppress(msgspec.MsgspecError):
                    self._hearers[note.topic](parcel.node, note.body)

    def _whole(self, node: str, piece: Piece) -> list[Note]:
        """The note of which this is the last piece; none when it is another, or some were lost."""
        pieces = [] if piece.number == 0 else self._pieces.pop(node, [])
        if len(pieces) != piece.number:
            return []
        pieces.append(piece.part)
        if len(pieces) == piece.count:
            return [_decode_note(b"".join(pieces))]
        self._pieces[node] = pieces
        return []


def pack(node: str, notes: list[tuple[str, object]]) -> list[str]:
    """Texts of at most MAX_BYTES that carry these notes, those that are longer in pieces."""
    texts, head = [], len(_encode(Parcel(node, []))) + len(",null")
    notes_here: list[Note] = []
    size = head
    for topic, body in notes:
        note = Note(topic, msgspec.Raw(_encode(body)))
        encoded = _encode(note)
        length = len(encoded) + 1
        if notes_here and size + length > MAX_BYTES:
            texts.append(_encode(Parcel(node, notes_here)).decode())
            notes_here, size = [], head
        if head + length > MAX_BYTES:
            texts += [_encode(Parcel(node, [], piece)).decode() for piece in _pieces(encoded)]
            continue
        notes_here.append(note)
        size += length
    if notes_here:
        texts.append(_encode(Parcel(node, notes_here)).decode())
    return texts


def _pieces(encoded: bytes) -> list[Piece]:
    parts = [encoded[at : at + PIECE_BYTES] for at in range(0, len(encoded), PIECE_BYTES)]
    return [Piece(number, len(parts), part) for number, part in enumerate(parts)]
