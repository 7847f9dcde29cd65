"""Files: whose they are, what they are, and in which message they stand.

The bytes are named by their hashes and lie elsewhere. They are there before a row that can be seen
names them, and go after the last row that names them: `loose_bytes` has what may have to go.
"""

from collections.abc import Iterable
from typing import NamedTuple

from backend.store.engine.db import Db
from backend.store.engine.lists import as_list, one_of
from backend.store.engine.rows import Lookup
from backend.store.log import now_ms
from backend.store.messages import Ranges

FILE = "sha256"
HASHES = (FILE, "thumbnail", "square", "small")


class NewFile(NamedTuple):
    """What came in: `waveform` is a JSON list or None; the hashes of pictures may be None."""

    owner_id: int
    name: str
    mime_type: str
    kind: str
    size: int
    width: int | None
    height: int | None
    duration_ms: int | None
    waveform: str | None
    sha256: str
    thumbnail: str | None
    square: str | None
    small: str | None


class FileRow(NamedTuple):
    """A file; times in milliseconds."""

    id: int
    use: str
    conversation_id: int | None
    message_id: int | None
    created_at: int
    owner_id: int
    name: str
    mime_type: str
    kind: str
    size: int
    width: int | None
    height: int | None
    duration_ms: int | None
    waveform: str | None
    sha256: str
    thumbnail: str | None
    square: str | None
    small: str | None


NEW = ", ".join(NewFile._fields)
COLUMNS = ", ".join(f"f.{name}" for name in FileRow._fields)
SELECT = f"SELECT {COLUMNS} FROM files f"
OF_MESSAGE = Lookup(f"{SELECT} WHERE f.message_id = {{0}} ORDER BY f.position", ("bigint",))
NAMES = " OR ".join(f"f.{name} = b.sha256" for name in HASHES)


def begin(db: Db, new: NewFile) -> int | None:
    """Claim the bytes of a file that nobody sees yet; gives its id, or None to try again soon.

    That is when some of these bytes are just being removed.
    """
    hashes = as_list(each for each in new[-len(HASHES) :] if each is not None)
    these = f"sha256 IN {one_of(kind=str)}"
    going = db.execute(f"SELECT 1 FROM loose_bytes WHERE going = 1 AND {these}", (hashes,))
    if going.fetchone() is not None:
        return None
    db.execute(f"DELETE FROM loose_bytes WHERE {these}", (hashes,))
    return _insert(db, new, "arriving")


def arrived(db: Db, file_id: int) -> FileRow | None:
    """Let a file's owner use it, now that its bytes are in their place; None if it went."""
    db.execute("UPDATE files SET use = 'unsent' WHERE id = ? AND use = 'arriving'", (file_id,))
    return by_id(db, file_id)


def _insert(db: Db, new: NewFile, use: str) -> int:
    file_id = db.draw("files")
    marks = ", ".join("?" * len(new))
    db.execute(
        f"INSERT INTO files (id, use, created_at, {NEW}) VALUES (?, ?, ?, {marks})",
        (file_id, use, now_ms(), *new),
    )
    return file_id


def by_id(db: Db, file_id: int) -> FileRow | None:
    """A file, whoever asks, once its bytes are in their place."""
    found = db.execute(f"{SELECT} WHERE f.id = ? AND f.use <> 'arriving'", (file_id,)).fetchone()
    return FileRow._make(found) if found else None


def unsent(db: Db, owner_id: int, ids: Iterable[int]) -> set[int]:
    """Those of the files that this user uploaded and has not used."""
    rows = db.execute(
        f"SELECT id FROM files WHERE id IN {one_of()} AND owner_id = ? AND use = 'unsent'",
        (as_list(ids), owner_id),
    )
    return {row[0] for row in rows}


def of_message(db: Db, message_id: int) -> list[FileRow]:
    """The files of a message, in order."""
    return [FileRow._make(row) for row in db.look_up(OF_MESSAGE, message_id)]


def of_messages(db: Db, message_ids: Iterable[int]) -> dict[int, list[FileRow]]:
    """The files of messages, in order."""
    found: dict[int, list[FileRow]] = {}
    rows = db.execute(
        f"{SELECT} WHERE f.message_id IN {one_of()} ORDER BY f.message_id, f.position",
        (as_list(message_ids),),
    )
    for row in map(FileRow._make, rows):
        found.setdefault(row.message_id or 0, []).append(row)
    return found


def of_conversation(
    db: Db, conversation_id: int, ranges: Ranges, kind: str | None, below: int, limit: int
) -> list[FileRow]:
    """Up to `limit` files in messages below an id within the ranges, by message, newest first."""
    found: list[FileRow] = []
    of_kind = "" if kind is None else "AND f.kind = :kind"
    for first, last in ranges:
        values = {"conversation": conversation_id, "kind": kind, "first": first}
        rows = db.execute(
            f"{SELECT} WHERE f.conversation_id = :conversation {of_kind}"
            " AND f.message_id BETWEEN :first AND :last"
            " ORDER BY f.message_id DESC, f.position LIMIT :limit",
            {**values, "last": min(last, below - 1), "limit": limit - len(found)},
        )
        found += map(FileRow._make, rows)
    return found


READABLE = (
    "EXISTS (SELECT 1 FROM members m WHERE m.conversation_id = f.conversation_id"
    " AND m.user_id = :user AND f.message_id BETWEEN m.first_id AND m.last_id)"
)


def is_readable(db: Db, user_id: int, file: FileRow) -> bool:
    """Whether the user uploaded it, or was a member when the message was sent that has it."""
    if file.owner_id == user_id:
        return True
    values = {"user": user_id, "file": file.id}
    found = db.execute(
        f"SELECT 1 FROM files f WHERE f.id = :file AND f.use = 'message' AND {READABLE}", values
    )
    return found.fetchone() is not None


def held(db: Db, owner_id: int, *, with_message: int | None = None) -> int:
    """How many bytes a user's files have, or would have with those of a message.

    The same bytes twice count once.
    """
    row = db.execute(
        "SELECT coalesce(sum(size), 0) FROM (SELECT sha256, size FROM files WHERE owner_id = ?"
        " UNION SELECT sha256, size FROM files WHERE message_id = ?) AS own",
        (owner_id, with_message),
    ).fetchone()
    return int(row[0])


def total(db: Db) -> tuple[int, int]:
    """How many files there are, and their bytes, each copy counted; reads every row."""
    count, size = db.execute("SELECT count(*), coalesce(sum(size), 0) FROM files").fetchone()
    return int(count), int(size)


def attach(db: Db, ids: Iterable[int], conversation_id: int, message_id: int) -> None:
    """Let files stand in a message, in that order."""
    db.executemany(
        "UPDATE files SET use = 'message', conversation_id = ?, message_id = ?, position = ?"
        " WHERE id = ?",
        [(conversation_id, message_id, position, id_) for position, id_ in enumerate(ids)],
    )


def copy(db: Db, rows: Iterable[FileRow], owner_id: int) -> list[int]:
    """Rows of the user's own for the same bytes, not yet used; gives their ids."""
    return [_insert(db, _as_new(row, owner_id), "unsent") for row in rows]


def _as_new(row: FileRow, owner_id: int) -> NewFile:
    values = {name: getattr(row, name) for name in NewFile._fields}
    return NewFile(**values)._replace(owner_id=owner_id)


def use_as_avatar(db: Db, file_id: int, conversation_id: int | None) -> None:
    """Let a picture be its owner's avatar, or that of a conversation."""
    db.execute(
        "UPDATE files SET use = 'avatar', conversation_id = ? WHERE id = ?",
        (conversation_id, file_id),
    )


def avatars(db: Db, owner_id: int | None, conversation_id: int | None) -> list[int]:
    """The avatar of a conversation, or else of a user; usually one or none."""
    column, value = ("owner_id", owner_id)
    where = "conversation_id IS NULL"
    if conversation_id is not None:
        column, value, where = "conversation_id", conversation_id, "message_id IS NULL"
    rows = db.execute(
        f"SELECT id FROM files WHERE use = 'avatar' AND {column} = ? AND {where}", (value,)
    )
    return [row[0] for row in rows]


def outside_messages(db: Db, owner_id: int) -> list[int]:
    """What a user uploaded and has not sent, and their avatar; not the avatars of groups."""
    rows = db.execute(
        "SELECT id FROM files WHERE owner_id = ? AND conversation_id IS NULL", (owner_id,)
    )
    return [row[0] for row in rows]


def remove(db: Db, ids: Iterable[int]) -> None:
    """Remove files; their bytes follow, unless others have the same."""
    values = {"ids": as_list(ids)}
    these = f"f.id IN {one_of(':ids')}"
    for name in HASHES:
        db.execute(
            f"INSERT INTO loose_bytes (sha256) SELECT DISTINCT f.{name} FROM files f"
            f" WHERE {these} AND f.{name} IS NOT NULL ON CONFLICT (sha256) DO NOTHING",
            values,
        )
    db.execute(f"DELETE FROM files WHERE id IN {one_of(':ids')}", values)


def remove_of_messages(db: Db, message_ids: Iterable[int]) -> None:
    """Remove all files of messages."""
    found = of_messages(db, message_ids)
    remove(db, [row.id for rows in found.values() for row in rows])


def forgotten(db: Db, before_ms: int, limit: int) -> list[int]:
    """Files that were uploaded before that time and never used."""
    rows = db.execute(
        "SELECT id FROM files WHERE use IN ('arriving', 'unsent') AND created_at < ?"
        " ORDER BY created_at LIMIT ?",
        (before_ms, limit),
    )
    return [row[0] for row in rows]


def take_loose(db: Db, limit: int) -> list[str]:
    """Some bytes that no file has any more; until `gone` is told of them nobody gets them back."""
    db.execute(
        "DELETE FROM loose_bytes WHERE sha256 IN"
        f" (SELECT b.sha256 FROM loose_bytes b JOIN files f ON {NAMES})"
    )
    rows = db.execute("SELECT sha256 FROM loose_bytes ORDER BY sha256 LIMIT ?", (limit,)).fetchall()
    hashes = [str(row[0]) for row in rows]
    db.execute(
        f"UPDATE loose_bytes SET going = 1 WHERE sha256 IN {one_of(kind=str)}",
        (as_list(hashes),),
    )
    return hashes


def gone(db: Db, hashes: Iterable[str]) -> None:
    """Note that these bytes are removed."""
    db.execute(
        f"DELETE FROM loose_bytes WHERE sha256 IN {one_of(kind=str)}",
        (as_list(hashes),),
    )


def named_bytes(db: Db) -> dict[str, int | None]:
    """Every hash that must be there, with its size where it is that of a file itself."""
    found: dict[str, int | None] = {}
    for name in reversed(HASHES):
        size = "f.size" if name == FILE else "NULL"
        sql = f"SELECT f.{name}, {size} FROM files f WHERE f.{name} IS NOT NULL"
        found |= dict(db.execute(f"{sql} AND f.use <> 'arriving'").fetchall())
    return found


def known_bytes(db: Db) -> set[str]:
    """Every hash that may be there: of a file, be it still arriving, or about to be removed."""
    found = {row[0] for row in db.execute("SELECT sha256 FROM loose_bytes")}
    for name in HASHES:
        found |= {row[0] for row in db.execute(f"SELECT {name} FROM files")}
    return found
