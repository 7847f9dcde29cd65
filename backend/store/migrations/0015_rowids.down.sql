CREATE TABLE new_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    audience INTEGER NOT NULL,
    target INTEGER NOT NULL,
    skip_user INTEGER,
    type TEXT NOT NULL,
    body BLOB NOT NULL,
    effect BLOB,
    message_id INTEGER,
    created_at INTEGER NOT NULL,
    about_id INTEGER,
    superseded INTEGER NOT NULL DEFAULT 0
);
INSERT INTO new_log (id, audience, target, skip_user, type, body, effect, message_id, created_at, about_id, superseded)
SELECT id, audience, target, skip_user, type, body, effect, message_id, created_at, about_id, superseded FROM log;
DROP TABLE log;
ALTER TABLE new_log RENAME TO log;
CREATE INDEX log_by_audience ON log (audience, target, id);
CREATE INDEX log_by_message ON log (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE new_messages (
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
    pinned_at INTEGER,
    action TEXT,
    subjects TEXT
);
INSERT INTO new_messages (id, conversation_id, seq, kind, sender_id, content, mentions, reply_id, client_id, sent_at, edited_at, deleted_at, pinned_at, action, subjects)
SELECT id, conversation_id, seq, kind, sender_id, content, mentions, reply_id, client_id, sent_at, edited_at, deleted_at, pinned_at, action, subjects FROM messages;
DROP TABLE messages;
ALTER TABLE new_messages RENAME TO messages;
CREATE INDEX messages_by_conversation ON messages (conversation_id, id);
CREATE UNIQUE INDEX messages_by_client_id ON messages (sender_id, client_id)
    WHERE client_id IS NOT NULL;
CREATE INDEX messages_pinned ON messages (conversation_id, id) WHERE pinned_at IS NOT NULL;
CREATE INDEX messages_deleted ON messages (conversation_id, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX messages_putting ON messages (sender_id, sent_at)
    WHERE action IN ('created', 'added');
