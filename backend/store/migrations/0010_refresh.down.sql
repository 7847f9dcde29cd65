DROP INDEX sessions_by_previous;
DROP INDEX sessions_by_family;
ALTER TABLE sessions DROP COLUMN rotated_at;
ALTER TABLE sessions DROP COLUMN previous_hash;
ALTER TABLE sessions DROP COLUMN family_hash;
