CREATE TABLE contacts (
    user_id INTEGER NOT NULL REFERENCES users (id),
    contact_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, contact_id)
) WITHOUT ROWID;

CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    named INTEGER NOT NULL,
    topic TEXT NOT NULL DEFAULT '',
    history_shown INTEGER NOT NULL DEFAULT 0,
    direct_key TEXT UNIQUE,
    created_by INTEGER NOT NULL REFERENCES users (id),
    client_id TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    activity INTEGER NOT NULL DEFAULT 0,
    member_count INTEGER NOT NULL,
    shut INTEGER NOT NULL DEFAULT 0,
    last_seq INTEGER NOT NULL DEFAULT 0,
    last_message_id INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX conversations_by_client_id ON conversations (created_by, client_id)
    WHERE client_id IS NOT NULL;

-- One row per stay. joined_id..left_id are log ids and first_id..last_id message ids, ends
-- included; 2^53-1 stands for "still here".
CREATE TABLE members (
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    joined_id INTEGER NOT NULL,
    left_id INTEGER NOT NULL DEFAULT 9007199254740991,
    first_id INTEGER NOT NULL,
    last_id INTEGER NOT NULL DEFAULT 9007199254740991,
    role TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    read_id INTEGER NOT NULL,
    read_seq INTEGER NOT NULL,
    delivered_id INTEGER NOT NULL,
    muted_until INTEGER,
    archived INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, user_id, joined_id)
) WITHOUT ROWID;
CREATE INDEX members_by_user ON members (user_id, left_id, conversation_id);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    sender_id INTEGER NOT NULL REFERENCES users (id),
    content TEXT,
    mentions TEXT,
    reply_id INTEGER,
    client_id TEXT,
    sent_at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted_at INTEGER,
    pinned_at INTEGER
);
CREATE INDEX messages_by_conversation ON messages (conversation_id, id);
CREATE UNIQUE INDEX messages_by_client_id ON messages (sender_id, client_id)
    WHERE client_id IS NOT NULL;
CREATE INDEX messages_pinned ON messages (conversation_id, id) WHERE pinned_at IS NOT NULL;
