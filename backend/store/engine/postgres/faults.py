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
    told = _told_by_postgres(error)
    code = told.sqlstate
    is_lost = code is None and isinstance(told, psycopg.OperationalError | psycopg.InterfaceError)
    is_broken = is_lost or (code is not None and code.startswith(BROKEN))
    return PostgresError((str(told) or type(told).__name__).splitlines()[0], is_broken=is_broken)


def ends_connection(error: psycopg.Error) -> bool:
    """Whether PostgreSQL ends a connection by it, or nobody knows any more how that is."""
    told = _told_by_postgres(error)
    return told.sqlstate is None or told.diag.severity_nonlocalized in {"FATAL", "PANIC"}


def _told_by_postgres(error: psycopg.Error) -> psycopg.Error:
    """What psycopg stumbled over: of a pipeline that broke it tells that it cannot leave it."""
    before = error.__context__
    return before if error.sqlstate is None and isinstance(before, psycopg.Error) else error
