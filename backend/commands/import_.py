"""`python -m backend import FILE`: an empty database filled from lines as `export` writes them."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from backend.commands.copying import fetch_files
from backend.commands.database import CannotDo
from backend.commands.export import FORMAT, Counted, Header, counted
from backend.commands.migrate import bring_up, owned
from backend.commands.progress import Progress, progress
from backend.settings import Settings
from backend.store import dump, files, integrity
from backend.store.dump import TABLES, BadRow, Row
from backend.store.engine.connection import shown
from backend.store.engine.db import OpenDb
from backend.store.engine.faults import DatabaseError
from backend.store.migrations import applied

MANY = 500
SHOWN = 5
_read_header = msgspec.json.Decoder(Header).decode
_read_row = msgspec.json.Decoder(dict[str, int | str | None]).decode


def import_(settings: Settings, name: str) -> int:
    """Put every row of the file into the empty database: all of them, or none.

    Not while a server runs. What it makes is checked as `check` does before it is kept. Files are
    fetched from the folder `files` beside it.
    """
    source = Path(name)
    if not source.is_file():
        raise CannotDo(f"there is no file {source}")
    with owned(settings) as db:
        list(bring_up(db))
        if not dump.is_empty(db):
            raise CannotDo(
                f"{shown(settings.database)} is in use by people; 'import' is for an empty one"
            )
        lost = fetch_files(settings, source.parent / "files", _named_bytes(source))
        try:
            with db.transaction():
                _load(db, source, MANY)
        except DatabaseError:
            with db.transaction():
                _load(db, source, 1)  # to name the very line
            raise
        count = dump.count(db)
    print(f"imported {source} to {shown(settings.database)}, which has {count} rows now")
    return 1 if lost else 0


def _named_bytes(source: Path) -> set[str]:
    """The hashes that files have in it: fetched first, because no transaction waits for that."""
    found = set()
    with source.open("rb") as file, contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
        for line in (_read_line(text) for text in file if b'"files"' in text):
            row = _read_row(line.row) if line.table == "files" else {}
            if row.get("use") != "arriving":
                found |= {str(row[name]) for name in files.HASHES if row.get(name)}
    return found


def _load(db: OpenDb, source: Path, many: int) -> None:
    """Insert the rows, so many at a time; raises CannotDo if they are wrong."""
    with progress("rows", source.stat().st_size) as steps, source.open("rb") as file:
        dump.forget_starts(db)
        lines = Lines(db, _counting(file, steps))
        for number, table, rows in _batches(lines, many):
            try:
                dump.insert(db, table, rows)
            except DatabaseError as error:
                if many > 1:
                    raise
                raise CannotDo(f"line {number}: {table}: {error}") from None
    dump.raise_counters(db)
    _compare(db, lines.end or {})
    with progress("check", integrity.STEPS) as checks:
        faults = integrity.faults(db, checks.advance)
    if faults:
        raise CannotDo("\n".join(["what it has does not fit together:", *faults[:SHOWN]]))


def _counting(file: Iterable[bytes], steps: Progress) -> Iterator[bytes]:
    for line in file:
        steps.advance(len(line))
        yield line


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """A row of a table, or the end."""

    table: str = ""
    row: msgspec.Raw = msgspec.Raw(b"null")
    end: dict[str, Counted] | None = None


_read_line = msgspec.json.Decoder(Line).decode


class Lines:
    """The rows of a file, each with its line and its table; `end` is the last line, once read."""

    def __init__(self, db: OpenDb, lines: Iterator[bytes]) -> None:
        self.end: dict[str, Counted] | None = None
        self._columns = {table: db.columns(table) for table in TABLES}
        self._lines = lines
        self._check_header(max(applied(db)))

    def __iter__(self) -> Iterator[tuple[int, str, Row]]:
        for number, text in enumerate(self._lines, start=2):
            try:
                line = _read_line(text)
                if self.end is not None:
                    raise BadRow("it stands after the end")
                self.end = line.end
                if line.end is None:
                    yield number, line.table, self._row(line)
            except (BadRow, msgspec.DecodeError, UnicodeDecodeError) as error:
                raise CannotDo(f"line {number}: {error}") from None
        if self.end is None:
            raise CannotDo("the file is not whole: its last line is no end")

    def _row(self, line: Line) -> Row:
        if line.table not in TABLES:
            raise BadRow(f"there is no table {line.table!r}")
        return dump.decode(line.table, _read_row(line.row), self._columns[line.table])

    def _check_header(self, schema: int) -> None:
        try:
            header = _read_header(next(self._lines, b""))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise CannotDo(f"line 1 is not that of an export: {error}") from None
        if header.format != FORMAT:
            raise CannotDo(f"the format is {header.format}: this version reads {FORMAT}")
        if header.schema not in {None, schema}:
            raise CannotDo(
                f"it has the tables of migration {header.schema:04}, this version those of"
                f" {schema:04}: import it with version {header.version}, then bring that up"
            )


def _batches(lines: Lines, many: int) -> Iterator[tuple[int, str, list[Row]]]:
    """Rows of one table that stand together, so many at most, with the line of the last."""
    batch: list[Row] = []
    of, last = "", 0
    for number, table, row in lines:
        if batch and (table != of or len(batch) >= many):
            yield last, of, batch
            batch = []
        batch.append(row)
        of, last = table, number
    if batch:
        yield last, of, batch


def _compare(db: OpenDb, end: Mapping[str, Counted]) -> None:
    """Raise CannotDo unless the tables have what the last line says of them."""
    for table, expected in end.items():
        if table not in TABLES:
            raise CannotDo(f"the last line names the table {table!r}, which is none")
        found = counted(dump.tally(db, table))
        if found != expected:
            raise CannotDo(
                f"{table}: the last line tells of {expected.rows} rows with the hash"
                f" {expected.hash}, but there are {found.rows} with {found.hash}"
            )
