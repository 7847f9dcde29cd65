"""What the engine itself says to PostgreSQL."""

WRITERS = 0x7061726C6579  # the advisory lock of who writes; the same in every version
CHANNEL = "parley"
NOTES = "parley_notes"

BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
LOCAL = {
    # who holds the lock and does nothing is frozen, or gone without a word: others go on
    "idle_in_transaction_session_timeout": "2000",
    # writers look up rows by keys: plans made while tables were nearly empty must say so too
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}
LOCK = f"SELECT pg_advisory_xact_lock({WRITERS})" + "".join(
    f", set_config('{name}', '{value}', true)" for name, value in LOCAL.items()
)
CLAIM = "SELECT pg_try_advisory_xact_lock(hashtext($1))"
COUNTERS = "SELECT name, value FROM counters"
COUNT = (
    "INSERT INTO counters (name, value)"
    " SELECT key, CAST(value AS bigint) FROM json_each_text(CAST($1 AS json))"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
DRAWN = "SELECT coalesce(sum(value), 0) FROM counters"
NEWEST = "SELECT value FROM counters WHERE name = $1"
# The last transaction of each connection that writes, to be looked for when a commit's answer is
# lost; those of connections that are long gone go by the day.
SIGN = (
    "INSERT INTO commits (connection, number, at) VALUES ($1, $2, extract(epoch FROM now()))"
    " ON CONFLICT (connection) DO UPDATE SET number = excluded.number, at = excluded.at"
)
SIGNED = "SELECT 1 FROM commits WHERE connection = $1 AND number = $2"
FORGET = "DELETE FROM commits WHERE at < extract(epoch FROM now()) - 86400"
NOTIFY = f"SELECT pg_notify('{CHANNEL}', $1)"
TELL = f"SELECT pg_notify('{NOTES}', $1)"
# For a superuser there is more to see, but managed services have none. A replica, a copy and a
# point in time run in another process; what was restored into one that runs has other tables.
RUN = (
    "SELECT concat_ws('.', extract(epoch FROM pg_postmaster_start_time()),"
    " (SELECT oid FROM pg_database WHERE datname = current_database()), "
    " CAST(CAST('epochs' AS regclass) AS oid))"
)
COLUMNS = (
    "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
    " WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped"
)
TABLE = "SELECT to_regclass($1) IS NOT NULL"
SIZE = "SELECT pg_database_size(current_database())"
