-- System messages become data: what was done (action) to whom (subjects, a JSON list of user ids)
-- and what was written of it (content); the sentence is made when it is told. Whom an old sentence
-- did not name ("and 3 more") it does not name now.
ALTER TABLE messages ADD COLUMN action TEXT;
ALTER TABLE messages ADD COLUMN subjects TEXT;

UPDATE messages SET content = substr(content, instr(content, ' ') + 1) WHERE kind = 'system';
UPDATE messages SET action = CASE
    WHEN content = 'left' THEN 'left'
    WHEN content LIKE 'added %' THEN 'added'
    WHEN content LIKE 'removed %' THEN 'removed'
    ELSE 'renamed' END
WHERE kind = 'system' AND content IS NOT NULL;
UPDATE messages SET content = NULL, subjects = (
    SELECT json_group_array(id) FROM (
        SELECT u.id FROM (
            SELECT key, substr(value, 1, instr(value || ' ', ' ') - 1) AS name FROM json_each(
                '["' || replace(substr(content, length(action) + 2), ', ', '","') || '"]')
        ) AS said
        JOIN users u ON u.username_key = lower(said.name)
            OR (u.id = CAST(substr(said.name, length('deleted-') + 1) AS INTEGER)
                AND said.name = 'deleted-' || u.id)
        ORDER BY said.key))
WHERE action IN ('added', 'removed');
UPDATE messages SET content = substr(content, length('named the conversation ') + 1)
WHERE action = 'renamed';
UPDATE messages SET content = NULL WHERE action = 'left';

-- They count no more: `seq` is that of the last message people wrote. A conversation keeps its
-- `activity`: the log that would say when people last wrote may not reach back that far.
UPDATE messages SET seq = counted.seq FROM (
    SELECT id, sum(CASE kind WHEN 'text' THEN 1 ELSE 0 END)
        OVER (PARTITION BY conversation_id ORDER BY id) AS seq FROM messages
) AS counted WHERE counted.id = messages.id AND counted.seq <> messages.seq;
UPDATE conversations SET (last_seq, last_message_id) = (
    SELECT coalesce(max(m.seq), 0), coalesce(max(m.id), 0) FROM messages m
    WHERE m.conversation_id = conversations.id AND m.kind = 'text');
UPDATE members SET read_seq = coalesce((
    SELECT m.seq FROM messages m
    WHERE m.conversation_id = members.conversation_id AND m.id <= members.read_id
    ORDER BY m.id DESC LIMIT 1), 0);

-- What clients were told before is of another shape, and they have counted otherwise: no cursor
-- of before is good any more, so that all of them begin anew.
DELETE FROM log;
UPDATE counters SET value = value + 1 WHERE name = 'log';
UPDATE facts SET value = coalesce((SELECT value FROM counters WHERE name = 'log'), 0)
WHERE name = 'log_floor';
