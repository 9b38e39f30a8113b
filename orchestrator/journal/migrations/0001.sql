-- Moments are milliseconds since 1970 (UTC), lengths milliseconds; lists and values are JSON texts.

CREATE TABLE sessions (
    id          TEXT PRIMARY KEY,
    room        TEXT NOT NULL,
    scene       TEXT NOT NULL,
    source      TEXT NOT NULL,
    parameters  TEXT NOT NULL,
    language    TEXT NOT NULL,
    rate        INTEGER NOT NULL,
    trigger     TEXT NOT NULL,
    roles       TEXT NOT NULL,
    voice       TEXT,
    at_night    INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    lasted      INTEGER NOT NULL DEFAULT 0,
    landing     TEXT,
    ending      TEXT,
    ended_at    INTEGER,
    folded      TEXT
);
CREATE INDEX sessions_by_start ON sessions (started_at);
CREATE INDEX sessions_unfinished ON sessions (id) WHERE ending IS NULL;

-- Kept until the session has ended: by then it need not be planned again.
CREATE TABLE scene_texts (
    session  TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    text     TEXT NOT NULL
);

CREATE TABLE positions (
    session  TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    number   INTEGER NOT NULL,
    chapter  TEXT NOT NULL,
    touched  TEXT NOT NULL,
    paused   INTEGER NOT NULL DEFAULT 0,
    resumes  INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE snapshots (
    session    TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    device     TEXT NOT NULL,
    attribute  TEXT NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (session, device, attribute)
) WITHOUT ROWID;

CREATE TABLE overrides (
    session    TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    device     TEXT NOT NULL,
    attribute  TEXT NOT NULL,
    PRIMARY KEY (session, device, attribute)
) WITHOUT ROWID;

-- What is owed outlives its session, and even its session's line.
CREATE TABLE debts (
    device     TEXT NOT NULL,
    attribute  TEXT NOT NULL,
    value      TEXT NOT NULL,
    since      INTEGER NOT NULL,
    session    TEXT NOT NULL,
    PRIMARY KEY (device, attribute)
) WITHOUT ROWID;

CREATE TABLE events (
    id       INTEGER PRIMARY KEY,
    session  TEXT REFERENCES sessions (id) ON DELETE CASCADE,
    room     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    event    TEXT NOT NULL,
    details  TEXT NOT NULL
);
CREATE INDEX events_by_session ON events (session, id);
CREATE INDEX events_by_time ON events (at);
-- What went over the wire is most of it, and nobody looks for a reason there.
CREATE INDEX events_of_note ON events (id) WHERE event NOT IN ('sent', 'answered', 'spoken');

CREATE TABLE heartbeat (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    boot_id  TEXT NOT NULL,
    boot_ms  INTEGER NOT NULL,
    wall     INTEGER NOT NULL
);
