UPDATE messages SET content = (SELECT username FROM users WHERE id = messages.sender_id) || CASE
    WHEN action = 'created' THEN ' created the conversation'
    WHEN action = 'left' THEN ' left'
    WHEN action = 'renamed' THEN ' named the conversation ' || content
    ELSE ' ' || CASE action WHEN 'role' THEN 'made' ELSE action END || ' ' || coalesce((
        SELECT group_concat(u.username, ', ') FROM json_each(messages.subjects) s
        JOIN users u ON u.id = s.value), '') || coalesce(' ' || content, '')
    END
WHERE action IS NOT NULL;

UPDATE messages SET seq = counted.seq FROM (
    SELECT id, row_number() OVER (PARTITION BY conversation_id ORDER BY id) AS seq FROM messages
) AS counted WHERE counted.id = messages.id AND counted.seq <> messages.seq;
UPDATE conversations SET (last_seq, last_message_id) = (
    SELECT coalesce(max(m.seq), 0), coalesce(max(m.id), 0) FROM messages m
    WHERE m.conversation_id = conversations.id);
UPDATE members SET read_seq = coalesce((
    SELECT m.seq FROM messages m
    WHERE m.conversation_id = members.conversation_id AND m.id <= members.read_id
    ORDER BY m.id DESC LIMIT 1), 0);

DELETE FROM log;
UPDATE counters SET value = value + 1 WHERE name = 'log';
UPDATE facts SET value = coalesce((SELECT value FROM counters WHERE name = 'log'), 0)
WHERE name = 'log_floor';

ALTER TABLE messages DROP COLUMN action;
ALTER TABLE messages DROP COLUMN subjects;
