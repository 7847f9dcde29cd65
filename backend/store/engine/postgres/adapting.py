"""Values from PostgreSQL: numbers are integers, as on SQLite."""

from psycopg import adapters
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader


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
    """How values are taken from PostgreSQL."""
    found = AdaptersMap(adapters)
    found.register_loader("bool", TruthLoader)
    found.register_loader("numeric", WholeLoader)
    return found
