"""`python -m backend export FILE`: all there is as lines of JSON, for any program to read."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from backend import VERSION
from backend.commands.copying import arriving, keep_files
from backend.commands.database import opened
from backend.commands.progress import Progress, progress
from backend.settings import Settings
from backend.store import dump, files
from backend.store.dump import TABLES, Tally
from backend.store.migrations import applied

FORMAT = 1
_encode = msgspec.json.encode


class Header(msgspec.Struct, forbid_unknown_fields=True):
    """The first line: of what form the file is, and which version's tables it has."""

    format: int
    schema: int | None = None
    version: str = VERSION


class Stored(msgspec.Struct):
    """A row."""

    table: str
    row: msgspec.Raw


class Counted(msgspec.Struct, forbid_unknown_fields=True):
    """How many rows of a table there are, and their hash in hexadecimal."""

    rows: int
    hash: str


class End(msgspec.Struct):
    """The last line, without which the file is not whole: what it has of each table."""

    end: dict[str, Counted]


def export(settings: Settings, name: str) -> int:
    """Write every row into a new file, readable by the owner only, also while a server runs.

    The file has its name only once it is whole and on disk. What people uploaded goes into the
    folder `files` beside it. Rows are read into a file without a name first.
    """
    target = Path(name)
    with arriving(target, "export") as part, tempfile.TemporaryFile(dir=target.parent) as file:
        with opened(settings) as db:
            total = dump.count(db)
            with db.snapshot(), progress("rows", total) as steps:
                named, schema = set(files.named_bytes(db)), max(applied(db))
                dump.stage(db, file, steps.advance)
        with progress("lines", total) as steps:
            count = _write(part, lines(schema, dump.staged(file), steps))
        lost = keep_files(settings, target.parent / "files", named)
    print(f"exported {count - 2} rows to {target}")
    return 1 if lost else 0


def lines(
    schema: int, pages: Iterable[tuple[str, Iterable[dump.Row]]], steps: Progress
) -> Iterator[bytes]:
    """The lines of the file, in its order."""
    yield _encode(Header(FORMAT, schema))
    found = dict.fromkeys(TABLES, Tally())
    for table, page in pages:
        rows = [dump.encode(row) for row in page]
        found[table] = found[table].add(rows)
        yield from (_encode(Stored(table, msgspec.Raw(row))) for row in rows)
        steps.advance(len(rows))
    yield _encode(End({table: counted(tally) for table, tally in found.items()}))


def counted(tally: Tally) -> Counted:
    """What the last line says of a table."""
    return Counted(tally.rows, f"{tally.hash:0{2 * dump.HASH_BYTES}x}")


def _write(path: Path, found: Iterator[bytes]) -> int:
    """Write the lines into an empty file; gives how many they were."""
    count = 0
    with path.open("wb") as file:
        for line in found:
            file.write(line + b"\n")
            count += 1
    return count
