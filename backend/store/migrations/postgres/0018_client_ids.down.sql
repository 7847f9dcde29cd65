ALTER TABLE conversations ADD COLUMN client_id TEXT COLLATE "C";
UPDATE conversations SET client_id = (SELECT min(i.client_id) FROM conversation_client_ids i
    WHERE i.user_id = created_by AND i.conversation_id = conversations.id);
CREATE UNIQUE INDEX conversations_by_client_id ON conversations (created_by, client_id)
    WHERE client_id IS NOT NULL;
DROP TABLE conversation_client_ids;
