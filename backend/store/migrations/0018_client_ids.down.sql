CREATE TABLE new_conversations (
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
    closed INTEGER NOT NULL DEFAULT 0,
    last_seq INTEGER NOT NULL DEFAULT 0,
    last_message_id INTEGER NOT NULL DEFAULT 0,
    avatar TEXT
);
INSERT INTO new_conversations (id, kind, name, named, topic, history_shown, direct_key, created_by, client_id, created_at, updated_at, activity, member_count, closed, last_seq, last_message_id, avatar)
SELECT id, kind, name, named, topic, history_shown, direct_key, created_by,
    (SELECT min(i.client_id) FROM conversation_client_ids i
     WHERE i.user_id = c.created_by AND i.conversation_id = c.id),
    created_at, updated_at, activity, member_count, closed, last_seq, last_message_id, avatar
FROM conversations c;
DROP TABLE conversations;
ALTER TABLE new_conversations RENAME TO conversations;
CREATE UNIQUE INDEX conversations_by_client_id ON conversations (created_by, client_id)
    WHERE client_id IS NOT NULL;
DROP TABLE conversation_client_ids;
