-- Every call of a language model: what it was for, what it took, and how it ended. No text of anybody is in here.
-- A call of an interview that is deleted stays without it, because the money is spent all the same.
CREATE TABLE calls (
    id            TEXT    NOT NULL PRIMARY KEY,
    interview_id  TEXT    REFERENCES interviews (id) ON DELETE SET NULL,
    take          INTEGER CHECK (take >= 0),
    purpose       TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    host          TEXT    NOT NULL,
    model         TEXT    NOT NULL,
    tries         INTEGER NOT NULL,
    input_tokens  INTEGER NOT NULL CHECK (input_tokens >= 0),
    output_tokens INTEGER NOT NULL CHECK (output_tokens >= 0),
    -- Whether the endpoint did not tell the tokens, so that they were estimated from the texts.
    is_estimated  INTEGER NOT NULL CHECK (is_estimated IN (0, 1)),
    -- By the prices that were configured then; nothing where the model had none.
    money         REAL CHECK (money >= 0),
    first_word_ms INTEGER,
    total_ms      INTEGER NOT NULL,
    -- `ok`, `given-up`, or the code of what went wrong.
    outcome       TEXT    NOT NULL
) WITHOUT ROWID;

CREATE INDEX calls_by_interview ON calls (interview_id, at);

CREATE INDEX calls_by_time ON calls (at);
