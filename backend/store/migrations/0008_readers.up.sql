-- about_id: the older message a row bears or names; only who may read that message gets the row.
-- superseded: the message was edited since; who is a member now is replayed its newest row's body.
ALTER TABLE log ADD COLUMN about_id INTEGER;
ALTER TABLE log ADD COLUMN superseded INTEGER NOT NULL DEFAULT 0;
CREATE INDEX members_by_first ON members (conversation_id, first_id)
    WHERE left_id = 9007199254740991;

-- The name people had given the conversation when the membership ended; null while it lasts.
ALTER TABLE members ADD COLUMN left_name TEXT;

-- Rows of before: those that carry a message again are about it.
UPDATE log SET about_id = message_id WHERE message_id IS NOT NULL AND type <> 'send_message';
