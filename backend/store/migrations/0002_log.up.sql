-- audience: 0 a conversation, 1 a user, 2 the contacts of a user, 3 the server itself
CREATE TABLE log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    audience INTEGER NOT NULL,
    target INTEGER NOT NULL,
    skip_user INTEGER,
    type TEXT NOT NULL,
    body BLOB NOT NULL,
    effect BLOB,
    message_id INTEGER,
    created_at INTEGER NOT NULL
);
CREATE INDEX log_by_audience ON log (audience, target, id);
CREATE INDEX log_by_message ON log (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE epochs (
    epoch TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    start_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL
);

CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
);
INSERT INTO facts (name, value) VALUES ('log_floor', 0);
