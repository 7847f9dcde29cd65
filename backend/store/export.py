"""Everything that is a user's own, page by page, so that no page costs more than a glance."""

from typing import NamedTuple

from backend.store.engine.db import FOREVER, Db

PAGE = 500

Row = dict[str, object]


class Page(NamedTuple):
    """Some rows, and the key after which the next page begins (None: this was the last)."""

    rows: list[Row]
    after: int | None


def profile(db: Db, user_id: int) -> Row:
    """The user's own row."""
    return _rows(
        db,
        "SELECT id, username, fullname, email, bio, avatar, hide_presence, reachable_by,"
        " issuer, subject,"
        " created_at / 1000 AS created_at, updated_at / 1000 AS updated_at,"
        " last_online / 1000 AS last_online FROM users WHERE id = ?",
        user_id,
    )[0]


def sessions(db: Db, user_id: int) -> list[Row]:
    """Where the user is logged in; their number is limited."""
    return _rows(
        db,
        "SELECT id, device, address, created_at / 1000 AS created_at,"
        " last_seen / 1000 AS last_seen, expires_at / 1000 AS expires_at"
        " FROM sessions WHERE user_id = ? ORDER BY id",
        user_id,
    )


def contacts(db: Db, user_id: int, after: int) -> Page:
    """The contact list, by the contacts' ids."""
    return _page(
        db,
        "SELECT u.id, u.username, c.created_at / 1000 AS created_at FROM contacts c"
        " JOIN users u ON u.id = c.contact_id WHERE c.user_id = ? AND c.contact_id > ?"
        " ORDER BY c.contact_id LIMIT ?",
        user_id,
        after,
    )


def contact_requests(db: Db, user_id: int, after: int) -> Page:
    """Whom the user asks to be a contact, and who asks them and is not blocked, by their ids."""
    return _page(
        db,
        "SELECT u.id, u.username, r.sent, r.created_at / 1000 AS created_at FROM"
        " (SELECT to_id AS id, 1 AS sent, created_at FROM contact_requests WHERE from_id = ?"
        "  UNION ALL SELECT from_id, 0, created_at FROM contact_requests WHERE to_id = ?"
        "  AND from_id NOT IN (SELECT blocked_id FROM blocks WHERE user_id = ?)) AS r"
        " JOIN users u ON u.id = r.id WHERE r.id > ? ORDER BY r.id LIMIT ?",
        user_id,
        user_id,
        user_id,
        after,
    )


def blocks(db: Db, user_id: int, after: int) -> Page:
    """Whom the user has blocked, by their ids."""
    return _page(
        db,
        "SELECT u.id, u.username, b.created_at / 1000 AS created_at FROM blocks b"
        " JOIN users u ON u.id = b.blocked_id WHERE b.user_id = ? AND b.blocked_id > ?"
        " ORDER BY b.blocked_id LIMIT ?",
        user_id,
        after,
    )


def conversations(db: Db, user_id: int, after: int) -> Page:
    """The conversations the user is or was in, by their ids, with the latest membership."""
    return _page(
        db,
        "SELECT c.id, c.kind,"
        f" CASE m.left_id WHEN {FOREVER} THEN c.name ELSE coalesce(m.left_name, '') END AS name,"
        f" m.role, m.joined_at / 1000 AS joined_at, m.left_id = {FOREVER} AS is_member,"
        " m.archived, m.marked_unread, m.muted_until / 1000 AS muted_until"
        " FROM members m JOIN conversations c ON c.id = m.conversation_id"
        " WHERE m.user_id = ? AND m.conversation_id > ? AND m.joined_id = (SELECT max(l.joined_id)"
        "  FROM members l WHERE l.conversation_id = m.conversation_id AND l.user_id = m.user_id)"
        " ORDER BY c.id LIMIT ?",
        user_id,
        after,
    )


def files(db: Db, user_id: int, after: int) -> Page:
    """What the user uploaded, by id; `url` gives the bytes as long as they are logged in."""
    return _page(
        db,
        "SELECT id, name, mime_type, size, duration_ms, width, height, sha256, message_id,"
        " '/files/' || id || '/export' AS url, created_at / 1000 AS created_at FROM files"
        " WHERE owner_id = ? AND use <> 'arriving' AND id > ? ORDER BY id LIMIT ?",
        user_id,
        after,
    )


def messages(db: Db, user_id: int, conversation_id: int, after: int) -> Page:
    """What the user wrote in one conversation; a page may be empty and not the last."""
    page = _page(
        db,
        "SELECT id, conversation_id, sender_id, content, reply_id, sent_at / 1000 AS sent_at,"
        " edited_at / 1000 AS edited_at, deleted_at / 1000 AS deleted_at"
        " FROM messages WHERE conversation_id = ? AND id > ? AND kind = 'text'"
        " ORDER BY id LIMIT ?",
        conversation_id,
        after,
    )
    own = [row for row in page.rows if row.pop("sender_id") == user_id]
    return Page(own, page.after)


def reactions(db: Db, user_id: int, after: int) -> Page:
    """The user's reactions, by the message they are to."""
    found = _rows(
        db,
        "SELECT r.message_id AS id, r.emoji, r.created_at / 1000 AS created_at FROM"
        " (SELECT DISTINCT message_id, user_id FROM reactions WHERE user_id = ? AND message_id > ?"
        "  ORDER BY message_id LIMIT ?) AS page"
        " JOIN reactions r ON r.message_id = page.message_id AND r.user_id = page.user_id"
        " ORDER BY r.message_id, r.created_at, r.emoji",
        user_id,
        after,
        PAGE,
    )
    rows: list[Row] = []
    for row in found:
        if rows and rows[-1]["id"] == row["id"]:
            rows[-1]["emoji"] = f"{rows[-1]['emoji']} {row['emoji']}"
        else:
            rows.append(row)
    return _as_page(rows)


def reports(db: Db, user_id: int, after: int) -> Page:
    """What the user told the operator of, by the messages."""
    return _page(
        db,
        "SELECT message_id AS id, reason, created_at / 1000 AS created_at,"
        " closed_at / 1000 AS closed_at FROM reports"
        " WHERE reporter_id = ? AND message_id > ? ORDER BY message_id LIMIT ?",
        user_id,
        after,
    )


def _page(db: Db, sql: str, *values: object) -> Page:
    return _as_page(_rows(db, sql, *values, PAGE))


def _as_page(rows: list[Row]) -> Page:
    last = rows[-1]["id"] if len(rows) == PAGE else None
    return Page(rows, last if isinstance(last, int) else None)


def _rows(db: Db, sql: str, *values: object) -> list[Row]:
    cursor = db.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
