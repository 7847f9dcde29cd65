"""Values between Python and PostgreSQL: numbers are integers, as on SQLite.

Parameters go as text of no type, which PostgreSQL takes from where they stand, so that a statement
is prepared once and not once for each kind of values it ever had.
"""

from psycopg import adapters
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Dumper, Loader
from psycopg.types.string import StrDumperUnknown


class IntegerDumper(Dumper):
    """Integers, and truth as 1 and 0."""

    def dump(self, obj: int) -> Buffer:
        """As text."""
        return b"%d" % obj


class BytesDumper(Dumper):
    """Bytes, in hexadecimal."""

    def dump(self, obj: bytes) -> Buffer:
        """As text."""
        return b"\\x" + obj.hex().encode()


class TruthLoader(Loader):
    """Truth as 1 and 0."""

    def load(self, data: Buffer) -> int:
        """From text."""
        return int(bytes(data) == b"t")


class WholeLoader(Loader):
    """What sums of integers are, as an integer."""

    def load(self, data: Buffer) -> int:
        """From text."""
        return int(bytes(data))


def adapting() -> AdaptersMap:
    """How values are told to and taken from PostgreSQL."""
    found = AdaptersMap(adapters)
    for kind in (int, bool):
        found.register_dumper(kind, IntegerDumper)
    found.register_dumper(bytes, BytesDumper)
    found.register_dumper(str, StrDumperUnknown)
    found.register_loader("bool", TruthLoader)
    found.register_loader("numeric", WholeLoader)
    return found
