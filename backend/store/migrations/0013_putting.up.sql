-- How many groups somebody has put others into lately.
CREATE INDEX messages_putting ON messages (sender_id, sent_at)
    WHERE action IN ('created', 'added');

-- A direct conversation has no name of its own: those that were given one are called as others are.
UPDATE conversations SET named = 0, name = (
    SELECT username FROM users WHERE id = conversations.created_by) || ', ' || (
    SELECT u.username FROM members m JOIN users u ON u.id = m.user_id
    WHERE m.conversation_id = conversations.id AND u.id <> conversations.created_by)
WHERE kind = 'direct' AND named = 1;

-- Clients were told of the names of before: all begin anew.
DELETE FROM log;
UPDATE counters SET value = value + 1 WHERE name = 'log';
UPDATE facts SET value = coalesce((SELECT value FROM counters WHERE name = 'log'), 0)
WHERE name = 'log_floor';
