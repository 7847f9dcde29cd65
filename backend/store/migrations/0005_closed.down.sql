ALTER TABLE conversations RENAME COLUMN closed TO shut;
