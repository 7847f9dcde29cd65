"""Messages as floors read and write them: the product's bytes, made by other code."""

import msgspec

from tests.bench.floors.sockets import frame


class Send(msgspec.Struct, tag_field="type", tag="send_message", gc=False):
    """The request."""

    conversation_id: int
    content: str
    ref: int | str | None = None
    reply_id: int | None = None
    client_id: str | None = None


class Ping(msgspec.Struct, tag_field="type", tag="ping", gc=False):
    """The other request: what loop lag is measured by."""

    ref: int | str | None = None


class Message(msgspec.Struct, gc=False):
    """A message as it is told."""

    id: int
    seq: int
    conversation_id: int
    sender_id: int
    sender_username: str
    sender_fullname: str
    content: str
    client_id: str | None
    sent_at: int
    kind: str = "text"
    attachments: tuple[()] = ()
    mentions: tuple[()] = ()
    reply_id: int | None = None
    quote: None = None
    edited_at: int | None = None
    deleted_at: int | None = None
    reactions: tuple[()] = ()
    pinned: bool = False


decoder: msgspec.json.Decoder[Send | Ping] = msgspec.json.Decoder(Send | Ping)
decode = decoder.decode
encode = msgspec.json.Encoder().encode


def body_of(send: Send, user: int, id_: int, seq: int, now: int) -> bytes:
    """The encoded message."""
    name = f"user{user}"
    return encode(
        Message(id_, seq, send.conversation_id, user, name, name, send.content, send.client_id, now)
    )


def push_of(body: bytes, at: int) -> bytes:
    """The frame that every other member gets."""
    return frame(
        b'{"type":"send_message","success":true,"data":%b,"at":%d,"cursor":"0123456789-%d-01234567"}'
        % (body, at, at)
    )


def reply_of(ref: int | str | None, body: bytes, at: int) -> bytes:
    """The frame that answers the sender."""
    return frame(
        b'{"type":"send_message","success":true,"ref":%b,"data":%b,"at":%d,'
        b'"cursor":"0123456789-%d-01234567"}' % (encode(ref), body, at, at)
    )


def pong_of(ping: Ping) -> bytes:
    """The frame that answers a ping."""
    return frame(
        b'{"type":"ping","success":true,"ref":%b,"data":"pong","at":1,'
        b'"cursor":"0123456789-1-01234567"}' % encode(ping.ref)
    )
