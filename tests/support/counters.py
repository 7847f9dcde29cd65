"""Rows written past the product, by hand and by the thousand: the counters brought up to them."""

import sqlite3

RECOUNT = (
    "INSERT INTO counters (name, value) SELECT '{0}', coalesce(max(id), 0) FROM {0} WHERE true"
    " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)"
)


def recount(db: sqlite3.Connection, *tables: str) -> None:
    """Let no id be drawn that a row of these tables has already."""
    for table in tables:
        db.execute(RECOUNT.format(table))
