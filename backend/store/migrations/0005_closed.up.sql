ALTER TABLE conversations RENAME COLUMN shut TO closed;
