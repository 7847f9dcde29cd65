-- What one process at a time is to do, and when it is next to be done (Unix ms).
CREATE TABLE jobs (
    name TEXT PRIMARY KEY,
    next_at INTEGER NOT NULL
);
