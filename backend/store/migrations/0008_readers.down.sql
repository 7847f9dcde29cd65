DROP INDEX members_by_first;
ALTER TABLE members DROP COLUMN left_name;
ALTER TABLE log DROP COLUMN superseded;
ALTER TABLE log DROP COLUMN about_id;
