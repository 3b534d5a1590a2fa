-- Interviews, what happened in them, and the scorecards that came of it.
-- Times are Unix milliseconds in UTC. Ids are UUIDs (version 7) as text.

-- A question as it stood when it was first asked, so that an old scorecard can still show what it judged
-- after the bank has changed. `hash` is the SHA-256 of the whole question; `body` is the question as JSON.
CREATE TABLE questions (
    hash TEXT NOT NULL PRIMARY KEY,
    id   TEXT NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;

-- One interview. `plan` is what was agreed at the start (JSON) and never changes; `question_hashes` names
-- the questions in the order of the plan (JSON array). `ended_at` and `end_reason` repeat the last entry so
-- that lists need not read all entries.
CREATE TABLE interviews (
    id              TEXT    NOT NULL PRIMARY KEY,
    started_at      INTEGER NOT NULL,
    plan            TEXT    NOT NULL,
    question_hashes TEXT    NOT NULL,
    ended_at        INTEGER,
    end_reason      TEXT,
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
) WITHOUT ROWID;

-- What happened, in order. Rows are only ever added; an interview is the sum of its entries. The key is the
-- one that the client sent with an answer, so that the same request sent twice is one answer.
CREATE TABLE entries (
    interview_id    TEXT    NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    seq             INTEGER NOT NULL CHECK (seq > 0),
    at              INTEGER NOT NULL,
    body            TEXT    NOT NULL,
    idempotency_key TEXT,
    PRIMARY KEY (interview_id, seq)
) WITHOUT ROWID;

CREATE UNIQUE INDEX entries_by_key ON entries (interview_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- What a candidate has typed and not yet submitted; one text an interview, gone once it is submitted.
CREATE TABLE drafts (
    interview_id TEXT    NOT NULL PRIMARY KEY REFERENCES interviews (id) ON DELETE CASCADE,
    text         TEXT    NOT NULL,
    saved_at     INTEGER NOT NULL
) WITHOUT ROWID;

-- Scorecards, never changed once made; a take that is scored again gets another one. `body` holds verdicts
-- and spans as JSON, without the words: those are read from the transcript. `overall` and `score` repeat
-- what the formula gives, for lists.
CREATE TABLE scorecards (
    id           TEXT    NOT NULL PRIMARY KEY,
    interview_id TEXT    NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    take         INTEGER NOT NULL CHECK (take >= 0),
    made_at      INTEGER NOT NULL,
    overall      INTEGER CHECK (overall BETWEEN 1 AND 5),
    score        REAL CHECK (score BETWEEN 0 AND 1),
    body         TEXT    NOT NULL
) WITHOUT ROWID;

CREATE INDEX scorecards_by_take ON scorecards (interview_id, take);

-- Takes waiting to be scored. A worker claims a job by a lease, renews it while it works, and finishes it in
-- the transaction that stores the scorecard. A lease that has run out means that its worker is gone, and the
-- job can be claimed again as long as attempts are left.
CREATE TABLE jobs (
    id            TEXT    NOT NULL PRIMARY KEY,
    interview_id  TEXT    NOT NULL REFERENCES interviews (id) ON DELETE CASCADE,
    take          INTEGER NOT NULL CHECK (take >= 0),
    state         TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    attempts      INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    lease_until   INTEGER,
    worker        TEXT,
    error_code    TEXT,
    error_message TEXT,
    -- What a model replied where it could not be used, as it came, for inspection.
    raw_reply     TEXT
) WITHOUT ROWID;

-- At most one open job for a take.
CREATE UNIQUE INDEX jobs_open ON jobs (interview_id, take) WHERE state IN ('queued', 'running');

CREATE INDEX jobs_waiting ON jobs (created_at) WHERE state IN ('queued', 'running');
