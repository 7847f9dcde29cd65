"""What a command gives: a table for who sits at a terminal, lines or JSON for programs."""

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

Value = object


class Moment(NamedTuple):
    """A time, in Unix milliseconds; None: never."""

    ms: int | None


class Size(NamedTuple):
    """A number of bytes."""

    bytes: int


class Output:
    """Where a command's results go, in one of three forms."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    def rows(self, names: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
        """Rows of values by these names: a table, a line each with tabs, or an array of objects."""
        if self._as_json:
            found = [dict(zip(names, map(_as_data, row), strict=True)) for row in rows]
            print(msgspec.json.encode(found).decode())
        elif sys.stdout.isatty():
            _table(names, rows)
        else:
            for row in rows:
                print("\t".join(printable(str(_as_data(value, none=""))) for value in row))

    def said(self, text: str, **fields: Value) -> None:
        """What was done: a sentence, or its fields as an object."""
        if self._as_json:
            print(msgspec.json.encode({name: _as_data(v) for name, v in fields.items()}).decode())
        else:
            print(printable(text))


def _table(names: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    from rich import box  # noqa: PLC0415  (a server starts without)
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    listed = list(rows)
    for place, name in enumerate(names):
        is_number = all(isinstance(row[place], int | Size) for row in listed)
        title = name.replace("_", " ")
        table.add_column(title, justify="right" if is_number else "left", overflow="fold")
    for row in listed:
        table.add_row(*(Text(printable(_shown(value))) for value in row))
    Console().print(table if listed else Text("none"))


def _as_data(value: Value, none: object = None) -> object:
    """A value for programs: times in Unix seconds, sizes in bytes."""
    if isinstance(value, Moment):
        return none if value.ms is None else value.ms // 1000
    if isinstance(value, Size):
        return value.bytes
    return none if value is None else value


def _shown(value: Value) -> str:
    """A value for people; times in UTC."""
    if isinstance(value, Moment):
        if value.ms is None:
            return "never"
        return datetime.fromtimestamp(value.ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Size):
        return size(value.bytes)
    if isinstance(value, int):
        return f"{value:,}"
    return "" if value is None else str(value)


def size(count: float) -> str:
    """So many bytes as people say it."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def printable(text: str) -> str:
    """The text without what would move a terminal's cursor, or make one line two."""
    encoding = sys.stdout.encoding or "ascii"
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return shown.encode(encoding, "backslashreplace").decode(encoding)
