-- Messages that people have told the operator of.
CREATE TABLE reports (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    reporter_id INTEGER NOT NULL REFERENCES users (id),
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at INTEGER,
    PRIMARY KEY (message_id, reporter_id)
) WITHOUT ROWID;
CREATE INDEX reports_by_reporter ON reports (reporter_id, message_id);
