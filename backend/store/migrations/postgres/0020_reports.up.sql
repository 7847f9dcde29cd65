-- Messages that people have told the operator of.
CREATE TABLE reports (
    message_id BIGINT NOT NULL REFERENCES messages (id),
    reporter_id BIGINT NOT NULL REFERENCES users (id),
    reason TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT,
    PRIMARY KEY (message_id, reporter_id)
);
CREATE INDEX reports_by_reporter ON reports (reporter_id, message_id);
