-- How late and how exactly each device reports, as it was learnt, oldest first: delays are a JSON list of milliseconds,
-- ratios (what it said, by what it was told) a JSON list for each attribute. `fingerprint`: as the home file reached the
-- device then; what was learnt of another one of the same name counts no more.

CREATE TABLE report_profiles (
    device       TEXT PRIMARY KEY,
    fingerprint  TEXT NOT NULL,
    delays       TEXT NOT NULL,
    ratios       TEXT NOT NULL,
    learnt_at    INTEGER NOT NULL
) WITHOUT ROWID;
