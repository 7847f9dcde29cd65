-- The newest id ever given out, per kind of id. Ids are drawn here, inside the transaction.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO counters (name, value)
SELECT name, max(value) FROM (
    SELECT name, seq AS value FROM sqlite_sequence
    UNION ALL SELECT 'users', max(id) FROM users
    UNION ALL SELECT 'sessions', max(id) FROM sessions
    UNION ALL SELECT 'conversations', max(id) FROM conversations
    UNION ALL SELECT 'messages', max(id) FROM messages
    UNION ALL SELECT 'log', max(id) FROM log
) AS given WHERE value IS NOT NULL GROUP BY name;

-- A mark knows the row for the other members too; it stood just under the reader's own.
ALTER TABLE marks ADD COLUMN shared_log_id INTEGER;
UPDATE marks SET shared_log_id = log_id - 1 WHERE EXISTS (
    SELECT 1 FROM log l WHERE l.id = marks.log_id - 1 AND l.audience = 0
    AND l.target = marks.conversation_id AND l.skip_user = marks.user_id
);
