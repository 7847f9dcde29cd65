CREATE TABLE blocks (
    user_id INTEGER NOT NULL REFERENCES users (id),
    blocked_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
) WITHOUT ROWID;
CREATE INDEX blocks_by_blocked ON blocks (blocked_id);

CREATE TABLE mentions (
    user_id INTEGER NOT NULL REFERENCES users (id),
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    message_id INTEGER NOT NULL REFERENCES messages (id),
    PRIMARY KEY (user_id, conversation_id, message_id)
) WITHOUT ROWID;

CREATE INDEX mentions_by_message ON mentions (message_id);

CREATE TABLE reactions (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    emoji TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (message_id, emoji, user_id)
) WITHOUT ROWID;
CREATE INDEX reactions_by_user ON reactions (user_id);

-- The one log row per conversation, reader and kind ('mark_read', 'mark_delivered') that tells how
-- far they are; `waiting` when a newer mark came less than a second after the row was written.
CREATE TABLE marks (
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    log_id INTEGER NOT NULL,
    logged_at INTEGER NOT NULL,
    waiting INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, user_id, kind)
) WITHOUT ROWID;
CREATE INDEX marks_waiting ON marks (logged_at) WHERE waiting = 1;

-- Accounts that are gone and whose name still stands in log rows.
CREATE TABLE erasures (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    log_id INTEGER NOT NULL
);
