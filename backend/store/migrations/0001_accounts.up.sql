CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    fullname TEXT NOT NULL,
    fullname_key TEXT NOT NULL,
    email TEXT,
    email_key TEXT UNIQUE,
    bio TEXT NOT NULL DEFAULT '',
    avatar TEXT,
    password_hash TEXT,
    issuer TEXT,
    subject TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_online INTEGER,
    hide_presence INTEGER NOT NULL DEFAULT 0,
    disabled_at INTEGER,
    deleted_at INTEGER,
    UNIQUE (issuer, subject)
);
CREATE INDEX users_by_fullname ON users (fullname_key);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id),
    refresh_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    device TEXT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);
