"""Opening a connection to PostgreSQL."""

import logging
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from backend.store.engine.postgres.adapting import adapting

# A host that is lost without a word is found within seconds, and of several the one that takes
# writes, also after a failover; a URL may say otherwise.
DEFAULTS: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "target_session_attrs": "read-write",
    "application_name": "parley",
}
# Plans are made once for each statement, whatever its values; nobody waits for a lock for ever.
SESSION = """
SET plan_cache_mode = force_generic_plan; SET jit = off; SET lock_timeout = 5000;
SET idle_in_transaction_session_timeout = 60000
"""
ADAPTING = adapting()
# of a lost connection it would tell once more whenever it tidies up
logging.getLogger("psycopg").setLevel(logging.ERROR)

Connection = psycopg.Connection[tuple[Any, ...]]


def options_of(where: str) -> dict[str, Any]:
    """What a URL says, over what suits us."""
    return {**DEFAULTS, **conninfo_to_dict(where), "autocommit": True}


def connect(where: str) -> Connection:
    """A connection in autocommit mode; transactions are begun and ended by hand."""
    connection = psycopg.connect(**options_of(where), context=ADAPTING)
    connection.execute(SESSION, prepare=False)
    return connection
