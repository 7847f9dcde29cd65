-- What SQLite's steps up to this number have made. Texts are compared by their bytes, as there.

CREATE TABLE users (
    id BIGINT PRIMARY KEY,
    username TEXT COLLATE "C" NOT NULL,
    username_key TEXT COLLATE "C" NOT NULL UNIQUE,
    fullname TEXT COLLATE "C" NOT NULL,
    fullname_key TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C",
    email_key TEXT COLLATE "C" UNIQUE,
    bio TEXT COLLATE "C" NOT NULL DEFAULT '',
    avatar TEXT COLLATE "C",
    password_hash TEXT COLLATE "C",
    issuer TEXT COLLATE "C",
    subject TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_online BIGINT,
    hide_presence BIGINT NOT NULL DEFAULT 0,
    disabled_at BIGINT,
    deleted_at BIGINT,
    reachable_by TEXT COLLATE "C" NOT NULL DEFAULT 'everyone',
    claims_hash BYTEA,
    claims_at BIGINT NOT NULL DEFAULT 0,
    UNIQUE (issuer, subject)
);
CREATE INDEX users_by_fullname ON users (fullname_key);

CREATE TABLE sessions (
    id BIGINT PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    refresh_hash BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL,
    family_hash BYTEA,
    previous_hash BYTEA,
    rotated_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE UNIQUE INDEX sessions_by_family ON sessions (family_hash);
CREATE UNIQUE INDEX sessions_by_previous ON sessions (previous_hash);

CREATE TABLE invites (
    code_hash BYTEA PRIMARY KEY,
    uses_left BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE revocations (
    subject_hash BYTEA PRIMARY KEY,
    until BIGINT NOT NULL
);

CREATE TABLE contacts (
    user_id BIGINT NOT NULL REFERENCES users (id),
    contact_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, contact_id)
);

CREATE TABLE contact_requests (
    from_id BIGINT NOT NULL REFERENCES users (id),
    to_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (from_id, to_id)
);
CREATE INDEX contact_requests_by_receiver ON contact_requests (to_id, created_at);

CREATE TABLE blocks (
    user_id BIGINT NOT NULL REFERENCES users (id),
    blocked_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
);
CREATE INDEX blocks_by_blocked ON blocks (blocked_id);

CREATE TABLE conversations (
    id BIGINT PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    named BIGINT NOT NULL,
    topic TEXT COLLATE "C" NOT NULL DEFAULT '',
    history_shown BIGINT NOT NULL DEFAULT 0,
    direct_key TEXT COLLATE "C" UNIQUE,
    created_by BIGINT NOT NULL REFERENCES users (id),
    client_id TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    activity BIGINT NOT NULL DEFAULT 0,
    member_count BIGINT NOT NULL,
    closed BIGINT NOT NULL DEFAULT 0,
    last_seq BIGINT NOT NULL DEFAULT 0,
    last_message_id BIGINT NOT NULL DEFAULT 0,
    avatar TEXT COLLATE "C"
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX conversations_by_client_id ON conversations (created_by, client_id)
    WHERE client_id IS NOT NULL;

CREATE TABLE members (
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    joined_id BIGINT NOT NULL,
    left_id BIGINT NOT NULL DEFAULT 9007199254740991,
    first_id BIGINT NOT NULL,
    last_id BIGINT NOT NULL DEFAULT 9007199254740991,
    role TEXT COLLATE "C" NOT NULL,
    joined_at BIGINT NOT NULL,
    read_id BIGINT NOT NULL,
    read_seq BIGINT NOT NULL,
    delivered_id BIGINT NOT NULL,
    muted_until BIGINT,
    archived BIGINT NOT NULL DEFAULT 0,
    left_name TEXT COLLATE "C",
    marked_unread BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, user_id, joined_id)
) WITH (fillfactor = 70);
CREATE INDEX members_by_user ON members (user_id, left_id, conversation_id);
CREATE INDEX members_by_first ON members (conversation_id, first_id)
    WHERE left_id = 9007199254740991;

CREATE TABLE messages (
    id BIGINT PRIMARY KEY,
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    seq BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    sender_id BIGINT NOT NULL REFERENCES users (id),
    content TEXT COLLATE "C",
    mentions TEXT COLLATE "C",
    reply_id BIGINT,
    client_id TEXT COLLATE "C",
    sent_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    pinned_at BIGINT,
    action TEXT COLLATE "C",
    subjects TEXT COLLATE "C"
);
CREATE INDEX messages_by_conversation ON messages (conversation_id, id);
CREATE UNIQUE INDEX messages_by_client_id ON messages (sender_id, client_id)
    WHERE client_id IS NOT NULL;
CREATE INDEX messages_pinned ON messages (conversation_id, id) WHERE pinned_at IS NOT NULL;
CREATE INDEX messages_deleted ON messages (conversation_id, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX messages_putting ON messages (sender_id, sent_at)
    WHERE action IN ('created', 'added');

CREATE TABLE mentions (
    user_id BIGINT NOT NULL REFERENCES users (id),
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    message_id BIGINT NOT NULL REFERENCES messages (id),
    PRIMARY KEY (user_id, conversation_id, message_id)
);
CREATE INDEX mentions_by_message ON mentions (message_id);

CREATE TABLE reactions (
    message_id BIGINT NOT NULL REFERENCES messages (id),
    emoji TEXT COLLATE "C" NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, emoji, user_id)
);
CREATE INDEX reactions_by_user ON reactions (user_id);

CREATE TABLE marks (
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    kind TEXT COLLATE "C" NOT NULL,
    log_id BIGINT NOT NULL,
    logged_at BIGINT NOT NULL,
    waiting BIGINT NOT NULL DEFAULT 0,
    shared_log_id BIGINT,
    PRIMARY KEY (conversation_id, user_id, kind)
);
CREATE INDEX marks_waiting ON marks (logged_at) WHERE waiting = 1;

CREATE TABLE files (
    id BIGINT PRIMARY KEY,
    owner_id BIGINT NOT NULL REFERENCES users (id),
    use TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    mime_type TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    width BIGINT,
    height BIGINT,
    duration_ms BIGINT,
    waveform TEXT COLLATE "C",
    sha256 TEXT COLLATE "C" NOT NULL,
    thumbnail TEXT COLLATE "C",
    square TEXT COLLATE "C",
    small TEXT COLLATE "C",
    conversation_id BIGINT REFERENCES conversations (id),
    message_id BIGINT REFERENCES messages (id),
    position BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
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

CREATE TABLE loose_bytes (
    sha256 TEXT COLLATE "C" PRIMARY KEY,
    going BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE uploads (
    id TEXT COLLATE "C" PRIMARY KEY,
    owner_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    duration_ms BIGINT,
    waveform TEXT COLLATE "C",
    file_id BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX uploads_by_owner ON uploads (owner_id);
CREATE INDEX uploads_by_end ON uploads (expires_at);

CREATE TABLE erasures (
    user_id BIGINT PRIMARY KEY REFERENCES users (id),
    log_id BIGINT NOT NULL
);

CREATE TABLE log (
    id BIGINT PRIMARY KEY,
    audience BIGINT NOT NULL,
    target BIGINT NOT NULL,
    skip_user BIGINT,
    type TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    effect BYTEA,
    message_id BIGINT,
    created_at BIGINT NOT NULL,
    about_id BIGINT,
    superseded BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX log_by_audience ON log (audience, target, id);
CREATE INDEX log_by_message ON log (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE epochs (
    epoch TEXT COLLATE "C" PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    start_id BIGINT NOT NULL,
    started_at BIGINT NOT NULL
);

CREATE TABLE facts (
    name TEXT COLLATE "C" PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE counters (
    name TEXT COLLATE "C" PRIMARY KEY,
    value BIGINT NOT NULL
) WITH (fillfactor = 10);

CREATE TABLE jobs (
    name TEXT COLLATE "C" PRIMARY KEY,
    next_at BIGINT NOT NULL
);

-- The last transaction of each connection that writes, and when (Unix seconds).
CREATE TABLE commits (
    connection TEXT COLLATE "C" PRIMARY KEY,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL
) WITH (fillfactor = 10);

-- The index of messages; `text` has what a message is found by, in order. What it was filled from
-- is one row.
CREATE TABLE words (
    rowid BIGINT PRIMARY KEY,
    text TEXT COLLATE "C" NOT NULL
);
CREATE INDEX words_by_token ON words USING gin (array_to_tsvector(string_to_array(text, ' ')));
CREATE TABLE filled (
    version TEXT NOT NULL,
    epoch TEXT NOT NULL,
    position BIGINT NOT NULL,
    below BIGINT NOT NULL,
    unpurged BIGINT NOT NULL
);

INSERT INTO facts (name, value) VALUES ('log_floor', 0);
