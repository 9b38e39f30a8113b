-- What each room would start next, as somebody chose it; parameters are a JSON text.

CREATE TABLE choices (
    room        TEXT PRIMARY KEY,
    scene       TEXT NOT NULL,
    parameters  TEXT NOT NULL
) WITHOUT ROWID;
