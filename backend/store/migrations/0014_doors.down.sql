DROP TABLE invites;
ALTER TABLE users DROP COLUMN claims_at;
ALTER TABLE users DROP COLUMN claims_hash;
DROP TABLE revocations;
