DROP TABLE contact_requests;
ALTER TABLE users DROP COLUMN reachable_by;
