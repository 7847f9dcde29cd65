ALTER TABLE members DROP COLUMN marked_unread;
