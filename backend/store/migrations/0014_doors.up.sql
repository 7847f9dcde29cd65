-- Up to when tokens of an outside service's user were revoked; the user as a hash, because it
-- outlives the account.
CREATE TABLE revocations (
    subject_hash BLOB PRIMARY KEY,
    until INTEGER NOT NULL
) WITHOUT ROWID;
-- What the last token said of its user, and when it was issued.
ALTER TABLE users ADD COLUMN claims_hash BLOB;
ALTER TABLE users ADD COLUMN claims_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE invites (
    code_hash BLOB PRIMARY KEY,
    uses_left INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
