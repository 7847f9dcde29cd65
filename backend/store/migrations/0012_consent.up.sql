-- reachable_by: 'everyone', or 'contacts' only: others ask first.
ALTER TABLE users ADD COLUMN reachable_by TEXT NOT NULL DEFAULT 'everyone';

-- Requests to be a contact that wait for an answer.
CREATE TABLE contact_requests (
    from_id INTEGER NOT NULL REFERENCES users (id),
    to_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (from_id, to_id)
) WITHOUT ROWID;
CREATE INDEX contact_requests_by_receiver ON contact_requests (to_id, created_at);
