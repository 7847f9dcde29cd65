-- What was uploaded. `use`: 'arriving' (its bytes are being put in their place), 'unsent', then
-- 'message' (of that message) or 'avatar' (of its owner, or of that conversation). The bytes lie
-- under their hashes: the file, and of a picture a thumbnail and two squares.
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES users (id),
    use TEXT NOT NULL,
    name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    duration_ms INTEGER,
    waveform TEXT,
    sha256 TEXT NOT NULL,
    thumbnail TEXT,
    square TEXT,
    small TEXT,
    conversation_id INTEGER REFERENCES conversations (id),
    message_id INTEGER REFERENCES messages (id),
    position INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
);
CREATE INDEX files_by_owner ON files (owner_id, id);
CREATE INDEX files_by_message ON files (message_id, position) WHERE message_id IS NOT NULL;
CREATE INDEX files_by_conversation ON files (conversation_id, message_id, position)
    WHERE message_id IS NOT NULL;
CREATE INDEX files_by_kind ON files (conversation_id, kind, message_id, position)
    WHERE message_id IS NOT NULL;
CREATE INDEX files_by_use ON files (conversation_id) WHERE use = 'avatar';
CREATE INDEX files_by_age ON files (created_at) WHERE use IN ('arriving', 'unsent');
CREATE INDEX files_by_sha256 ON files (sha256);
CREATE INDEX files_by_thumbnail ON files (thumbnail) WHERE thumbnail IS NOT NULL;
CREATE INDEX files_by_square ON files (square) WHERE square IS NOT NULL;
CREATE INDEX files_by_small ON files (small) WHERE small IS NOT NULL;

-- Bytes that a row of `files` named until it went; `going` while they are being removed.
CREATE TABLE loose_bytes (
    sha256 TEXT PRIMARY KEY,
    going INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Uploads that come in parts (tus); `file_id` once they are whole.
CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    owner_id INTEGER NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    duration_ms INTEGER,
    waveform TEXT,
    file_id INTEGER,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX uploads_by_owner ON uploads (owner_id);
CREATE INDEX uploads_by_end ON uploads (expires_at);

ALTER TABLE conversations ADD COLUMN avatar TEXT;
