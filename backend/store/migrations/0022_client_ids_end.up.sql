-- What a client calls a direct conversation is let go of: its pair finds it too. A group's is kept.
ALTER TABLE conversation_client_ids ADD COLUMN expires_at INTEGER;
UPDATE conversation_client_ids
SET expires_at = (CAST(strftime('%s', 'now') AS INTEGER) + 90 * 86400) * 1000
WHERE conversation_id IN (SELECT id FROM conversations WHERE kind = 'direct');
CREATE INDEX conversation_client_ids_by_end ON conversation_client_ids (expires_at)
    WHERE expires_at IS NOT NULL;
