-- A journal as relax wrote it in version 5. Never changed again.
BEGIN TRANSACTION;
CREATE TABLE choices (
    room        TEXT PRIMARY KEY,
    scene       TEXT NOT NULL,
    parameters  TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO "choices" VALUES('bedroom','foot-massage','{"feet": "left", "bath": false}');
CREATE TABLE debts (
    device     TEXT NOT NULL,
    attribute  TEXT NOT NULL,
    value      TEXT NOT NULL,
    since      INTEGER NOT NULL,
    session    TEXT NOT NULL,
    PRIMARY KEY (device, attribute)
) WITHOUT ROWID;
INSERT INTO "debts" VALUES('ceiling','colour','null',1795385000000,'two');
INSERT INTO "debts" VALUES('ceiling','level','62.5',1795385000000,'two');
CREATE TABLE events (
    id       INTEGER PRIMARY KEY,
    session  TEXT REFERENCES sessions (id) ON DELETE CASCADE,
    room     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    event    TEXT NOT NULL,
    details  TEXT NOT NULL
);
INSERT INTO "events" VALUES(1,'one','bedroom',1795383000100,'session_started','{"session":"one"}');
INSERT INTO "events" VALUES(2,'two','bedroom',1795385000200,'device_missing','{"about":"strip"}');
CREATE TABLE heartbeat (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    boot_id  TEXT NOT NULL,
    boot_ms  INTEGER NOT NULL,
    wall     INTEGER NOT NULL
);
INSERT INTO "heartbeat" VALUES(1,'boot-1',2060000,1795385010000);
CREATE TABLE overrides (
    session    TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    device     TEXT NOT NULL,
    attribute  TEXT NOT NULL,
    PRIMARY KEY (session, device, attribute)
) WITHOUT ROWID;
INSERT INTO "overrides" VALUES('two','sonos','volume');
CREATE TABLE positions (
    session  TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    number   INTEGER NOT NULL,
    chapter  TEXT NOT NULL,
    touched  TEXT NOT NULL,
    paused   INTEGER NOT NULL DEFAULT 0,
    resumes  INTEGER NOT NULL DEFAULT 0
);
INSERT INTO "positions" VALUES('two',4,'strokes:left','["main.level"]',0,0);
CREATE TABLE report_profiles (
    device       TEXT PRIMARY KEY,
    fingerprint  TEXT NOT NULL,
    delays       TEXT NOT NULL,
    ratios       TEXT NOT NULL,
    learnt_at    INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO "report_profiles" VALUES('ceiling','cda8a5620382fa45a31047eca09e3b0b','[310, 290, 305, 1200, 280]','{"level": [0.98, 0.97, 0.98]}',1795386500000);
CREATE TABLE scene_texts (
    session  TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
    text     TEXT NOT NULL
);
INSERT INTO "scene_texts" VALUES('two','scene: foot-massage
# Füße
');
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
INSERT INTO "schedule_marks" VALUES('wind-down','f',1795385000000,1,1795471400000,NULL,NULL,NULL,1795385000000,'started','','two','two',0,1795385000000);
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
INSERT INTO "sessions" VALUES('one','bedroom','foot-massage','scenes/foot-massage.yaml','{"feet":"left","bath":false,"pace":0.9}','de',2000,'mqtt','{"main": ["ceiling"], "music": ["sonos"], "voice": ["sonos"]}','voice',1,1795383000000,1500000,NULL,'finished',1795384500000,NULL);
INSERT INTO "sessions" VALUES('two','bedroom','foot-massage','scenes/foot-massage.yaml','{"feet":"left","bath":false,"pace":0.9}','de',2000,'mqtt','{"main": ["ceiling"], "music": ["sonos"], "voice": ["sonos"]}','voice',1,1795383000000,10000,NULL,NULL,NULL,NULL);
CREATE TABLE snapshots (
    session    TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    device     TEXT NOT NULL,
    attribute  TEXT NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (session, device, attribute)
) WITHOUT ROWID;
INSERT INTO "snapshots" VALUES('one','ceiling','colour','{"mired": 370.0}');
INSERT INTO "snapshots" VALUES('one','ceiling','level','62.5');
INSERT INTO "snapshots" VALUES('one','sonos','volume','20.0');
INSERT INTO "snapshots" VALUES('two','ceiling','colour','{"mired": 370.0}');
INSERT INTO "snapshots" VALUES('two','ceiling','level','62.5');
INSERT INTO "snapshots" VALUES('two','sonos','volume','20.0');
CREATE TABLE speech (
    id        INTEGER PRIMARY KEY,
    device    TEXT NOT NULL,
    language  TEXT NOT NULL,
    rate      INTEGER NOT NULL,
    gap       INTEGER NOT NULL,
    words     INTEGER NOT NULL,
    lasted    INTEGER NOT NULL
);
INSERT INTO "speech" VALUES(1,'sonos','de',1,0,1000,1100);
INSERT INTO "speech" VALUES(2,'sonos','de',1,0,2000,1800);
INSERT INTO "speech" VALUES(3,'sonos','de',1,0,3000,2500);
INSERT INTO "speech" VALUES(4,'sonos','de',1,0,4000,3200);
INSERT INTO "speech" VALUES(5,'sonos','de',1,0,5000,3900);
INSERT INTO "speech" VALUES(6,'sonos','de',1,0,6000,4600);
INSERT INTO "speech" VALUES(7,'sonos','de',1,0,7000,5300);
INSERT INTO "speech" VALUES(8,'sonos','de',1,0,8000,6000);
INSERT INTO "speech" VALUES(9,'sonos','de',1,0,9000,6700);
CREATE INDEX sessions_by_start ON sessions (started_at);
CREATE INDEX sessions_unfinished ON sessions (id) WHERE ending IS NULL;
CREATE INDEX events_by_session ON events (session, id);
CREATE INDEX events_by_time ON events (at);
CREATE INDEX events_of_note ON events (id) WHERE event NOT IN ('sent', 'answered', 'spoken');
CREATE INDEX sessions_by_scene ON sessions (room, scene, started_at);
CREATE INDEX speech_by_voice ON speech (device, language, id);
COMMIT;
PRAGMA user_version = 5;
