"""What psycopg raises, as an error of ours."""

import psycopg

from backend.store.engine.faults import PostgresError

# Classes and single codes of SQLSTATE (PostgreSQL's documentation, appendix A) that say that the
# database as a whole cannot be used now: connections, resources, locks, the operator, the system.
BROKEN = (
    "08", "53", "57", "58", "XX", "25006", "25P03", "40001", "40P01", "55P03",
)  # fmt: skip


def as_ours(error: psycopg.Error) -> PostgresError:
    """The same in one line, and whether it concerns the database as a whole."""
    code = error.sqlstate
    is_lost = code is None and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    is_broken = is_lost or (code is not None and code.startswith(BROKEN))
    return PostgresError((str(error) or type(error).__name__).splitlines()[0], is_broken=is_broken)
