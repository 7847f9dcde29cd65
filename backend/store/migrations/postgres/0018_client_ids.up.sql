-- What a client calls a conversation it has begun, or found when it wanted to begin one.
CREATE TABLE conversation_client_ids (
    user_id BIGINT NOT NULL REFERENCES users (id),
    client_id TEXT COLLATE "C" NOT NULL,
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    PRIMARY KEY (user_id, client_id)
);
INSERT INTO conversation_client_ids (user_id, client_id, conversation_id)
SELECT created_by, client_id, id FROM conversations WHERE client_id IS NOT NULL;
DROP INDEX conversations_by_client_id;
ALTER TABLE conversations DROP COLUMN client_id;
