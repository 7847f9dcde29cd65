-- A refresh token is exchanged at each use. All of one session begin with the same part, by which
-- one that was used up long ago still names its session; the one before the last may come once more.
ALTER TABLE sessions ADD COLUMN family_hash BLOB;
ALTER TABLE sessions ADD COLUMN previous_hash BLOB;
ALTER TABLE sessions ADD COLUMN rotated_at INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX sessions_by_family ON sessions (family_hash);
CREATE UNIQUE INDEX sessions_by_previous ON sessions (previous_hash);
