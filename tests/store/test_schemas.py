"""The two engines have the same tables, made by steps of the same numbers."""

import contextlib
from typing import NamedTuple

from backend.store.engine.connection import open_database
from backend.store.engine.db import OpenDb
from backend.store.engine.sqlite.opening import open_file
from backend.store.migrations import FOLDER, all_migrations, migrate_down, migrate_up
from tests.support.postgres import Postgres

# The search index, a file of its own beside a SQLite database; and what is looked for when the
# answer to a commit is lost.
OWN = {"words", "filled", "commits"}
RECORDS = {"schema_migrations"}


class Table(NamedTuple):
    """Its columns, each with whether it may be null; and its indexes: columns, unique, partial."""

    columns: frozenset[tuple[str, bool]]
    indexes: frozenset[tuple[tuple[str, ...], bool, bool]]


def sqlite_table(db: OpenDb, name: str) -> Table:
    """A table of SQLite's."""
    columns, keys = set(), {}
    for _, column, _, not_null, _, place in db.execute(f"PRAGMA table_info({name})"):
        columns.add((column, not not_null and not place))
        if place:
            keys[place] = column
    indexes = {(tuple(keys[place] for place in sorted(keys)), True, False)}
    for _, index, unique, _, partial in db.execute(f"PRAGMA index_list({name})").fetchall():
        rows = db.execute(f"PRAGMA index_info({index})")
        indexes.add((tuple(row[2] for row in rows), bool(unique), bool(partial)))
    return Table(frozenset(columns), frozenset(indexes))


def postgres_table(db: OpenDb, name: str) -> Table:
    """A table of PostgreSQL's."""
    columns = {
        (column, nullable == "YES")
        for column, nullable in db.execute(
            "SELECT column_name, is_nullable FROM information_schema.columns WHERE table_name = ?",
            (name,),
        )
    }
    rows = db.execute(
        "SELECT (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM pg_attribute a"
        " JOIN unnest(i.indkey) WITH ORDINALITY AS k (number, n) ON k.number = a.attnum"
        " WHERE a.attrelid = i.indrelid), i.indisunique, i.indpred IS NOT NULL"
        " FROM pg_index i WHERE i.indrelid = CAST(CAST(? AS text) AS regclass)",
        (name,),
    )
    indexes = {(tuple(names.split(",")), bool(unique), bool(part)) for names, unique, part in rows}
    return Table(frozenset(columns), frozenset(indexes))


def test_both_engines_have_the_same_tables(postgres: Postgres) -> None:
    """The same columns, nullable or not, and the same indexes, unique or not; up and down."""
    with (
        contextlib.closing(open_file(":memory:")) as ours,
        contextlib.closing(open_database(postgres.create())) as theirs,
    ):
        for db in (ours, theirs):
            list(migrate_up(db))
        names = {row[0] for row in ours.execute("SELECT name FROM sqlite_schema WHERE sql <> ''"
            " AND type = 'table' AND name NOT LIKE 'sqlite_%'")}  # fmt: skip
        found = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        assert {row[0] for row in theirs.execute(found)} == names | OWN
        for name in sorted(names - RECORDS):
            assert postgres_table(theirs, name) == sqlite_table(ours, name), name
        list(migrate_down(theirs, len(all_migrations())))
        assert {row[0] for row in theirs.execute(found)} == RECORDS
        list(migrate_up(theirs))


def test_steps_have_the_same_numbers() -> None:
    """PostgreSQL's begin with one that stands for all of SQLite's up to its number."""
    ours = [(each.number, each.name) for each in all_migrations()]
    base, *later = [(each.number, each.name) for each in all_migrations(FOLDER / "postgres")]
    assert base[1] == "base"
    assert later == [each for each in ours if each[0] > base[0]]
