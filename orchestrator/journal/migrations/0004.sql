-- What the words of each voice were planned to take, and took: the newest of each language. What is known of a voice is
-- told from them. `rate` and `gap`: whether it followed these then.

CREATE TABLE speech (
    id        INTEGER PRIMARY KEY,
    device    TEXT NOT NULL,
    language  TEXT NOT NULL,
    rate      INTEGER NOT NULL,
    gap       INTEGER NOT NULL,
    words     INTEGER NOT NULL,
    lasted    INTEGER NOT NULL
);
CREATE INDEX speech_by_voice ON speech (device, language, id);
