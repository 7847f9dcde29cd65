"""Statements about rows by their keys, which an engine may run for many rows at once."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from string import Formatter
from typing import Any, Literal, NamedTuple

Kind = Literal["bigint", "text", "bytea"]
Row = tuple[Any, ...]
Pick = Callable[[Row], Row]


def picking(places: Sequence[int]) -> Pick:
    """What gives the values at these places of a row, as a tuple."""
    if len(places) == 1:
        return operator.itemgetter(slice(places[0], places[0] + 1))
    return operator.itemgetter(*places)


@dataclass(frozen=True, eq=False)
class Lookup:
    """What is found by a key: a SELECT in which `{0}`, `{1}`… stand for the parts of the key."""

    select: str
    kinds: tuple[Kind, ...]

    @cached_property
    def one(self) -> str:
        """The statement for one key, its parts bound as `bound` gives them."""
        return self.select.format(*("?" * len(self.kinds)))

    @cached_property
    def bound(self) -> Pick:
        """Gives the parts of a key as often and in the order in which the statement names them."""
        return picking([int(name) for _, name, _, _ in Formatter().parse(self.select) if name])


class Asked(NamedTuple):
    """What a write is going to look up."""

    lookup: Lookup
    key: Row


@dataclass(frozen=True, eq=False)
class Insert:
    """A new row of a table; `known_by` names the columns by which `Db.written` finds it.

    With `replaces`, instead of the row that has the same values in these. One that `refers` to a
    row that may be as new as itself is written after that.
    """

    table: str
    columns: Mapping[str, Kind]
    known_by: tuple[str, ...]
    replaces: bool = False
    refers: bool = False

    @cached_property
    def one(self) -> str:
        """The statement for one row, its columns bound in order."""
        marks = ", ".join("?" * len(self.columns))
        names = ", ".join(self.columns)
        return f"INSERT INTO {self.table} ({names}) VALUES ({marks}){self.conflict}"

    @property
    def conflict(self) -> str:
        """What a statement ends with, whatever its rows come from."""
        if not self.replaces:
            return ""
        changed = [column for column in self.columns if column not in self.known_by]
        assignments = ", ".join(f"{column} = excluded.{column}" for column in changed)
        return f" ON CONFLICT ({', '.join(self.known_by)}) DO UPDATE SET {assignments}"


@dataclass(frozen=True, eq=False)
class Update:
    """New values of a row, of which the last are those of its key, `known_by`.

    `only` is a condition that the row has to fulfil as well, with constants alone.
    """

    table: str
    columns: Mapping[str, Kind]
    known_by: tuple[str, ...]
    only: str = ""

    @cached_property
    def one(self) -> str:
        """The statement for one row, its columns bound in order."""
        changed = [column for column in self.columns if column not in self.known_by]
        where = [f"{column} = ?" for column in self.known_by] + ([self.only] if self.only else [])
        assignments = ", ".join(f"{column} = ?" for column in changed)
        return f"UPDATE {self.table} SET {assignments} WHERE {' AND '.join(where)}"


@dataclass(frozen=True, eq=False)
class Delete:
    """A row that goes, one of before this transaction; its key is all there is of it."""

    table: str
    columns: Mapping[str, Kind]

    @property
    def known_by(self) -> tuple[str, ...]:
        """The columns of its key."""
        return tuple(self.columns)

    @cached_property
    def one(self) -> str:
        """The statement for one row, its key bound in order."""
        where = " AND ".join(f"{column} = ?" for column in self.columns)
        return f"DELETE FROM {self.table} WHERE {where}"


Bulk = Insert | Update | Delete


@cache
def key_of(bulk: Bulk) -> Pick:
    """What gives the key of a row."""
    return picking([list(bulk.columns).index(column) for column in bulk.known_by])
