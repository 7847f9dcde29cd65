-- What is deleted counts as unread no more: how many there are above where somebody has read.
CREATE INDEX messages_deleted ON messages (conversation_id, id) WHERE deleted_at IS NOT NULL;
