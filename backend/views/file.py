"""Files as they are told, to everybody alike."""

from collections.abc import Iterable
from urllib.parse import quote

import msgspec

from backend.protocol.files import SharedFile
from backend.protocol.models import Attachment
from backend.store import files
from backend.store.engine.db import Db
from backend.store.files import FileRow

_decode_waveform = msgspec.json.Decoder(tuple[int, ...]).decode


def attachment(row: FileRow) -> Attachment:
    """A file; its addresses are paths, answered to those who may read the message."""
    return Attachment(
        id=row.id,
        name=row.name,
        mime_type=row.mime_type,
        size=row.size,
        width=row.width,
        height=row.height,
        duration_ms=row.duration_ms,
        waveform=_decode_waveform(row.waveform) if row.waveform else None,
        thumbnail=f"/thumbnails/{row.id}" if row.thumbnail else None,
        url=f"/files/{row.id}/{quote(row.name, safe='')}",
        created_at=row.created_at // 1000,
    )


def attachments(db: Db, message_ids: Iterable[int]) -> dict[int, tuple[Attachment, ...]]:
    """The files of those of the messages that have any."""
    found = files.of_messages(db, message_ids)
    return {id_: tuple(attachment(row) for row in rows) for id_, rows in found.items()}


def attached(db: Db, message_id: int) -> tuple[Attachment, ...]:
    """The files of a message."""
    return tuple([attachment(row) for row in files.of_message(db, message_id)])


def shared(row: FileRow) -> SharedFile:
    """A file with the message it is in."""
    assert row.message_id is not None
    told = msgspec.structs.asdict(attachment(row))
    return SharedFile(**told, message_id=row.message_id, sender_id=row.owner_id)


def avatar_path(file_id: int) -> str:
    """Where the larger of the two squares of an avatar is."""
    return f"/avatars/{file_id}/512"
