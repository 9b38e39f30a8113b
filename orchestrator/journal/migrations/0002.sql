-- What is remembered of each schedule: up to when everything is dealt with, and what people have said of it.
CREATE TABLE schedule_marks (
    name          TEXT PRIMARY KEY,
    fingerprint   TEXT NOT NULL,
    until         INTEGER NOT NULL,
    enabled       INTEGER NOT NULL DEFAULT 1,
    skipped       INTEGER,
    postponed     INTEGER,
    postponed_to  INTEGER,
    announced     INTEGER,
    last_due      INTEGER,
    last_result   TEXT,
    last_why      TEXT,
    last_session  TEXT,
    playing       TEXT,
    piece         INTEGER,
    playing_due   INTEGER
);
CREATE INDEX sessions_by_scene ON sessions (room, scene, started_at);
