ALTER TABLE marks DROP COLUMN shared_log_id;

DELETE FROM sqlite_sequence WHERE name IN (SELECT name FROM counters);
INSERT INTO sqlite_sequence (name, seq) SELECT name, value FROM counters;
DROP TABLE counters;
