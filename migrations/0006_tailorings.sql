-- What a candidate pasted to shape an interview, as it was pasted, and what came of it (JSON: who read it, the
-- reason of each question, what the texts stress, lines about own projects). Deleted with the interview.
CREATE TABLE tailorings (
    interview_id    TEXT NOT NULL PRIMARY KEY REFERENCES interviews (id) ON DELETE CASCADE,
    job_description TEXT NOT NULL,
    resume          TEXT NOT NULL,
    body            TEXT NOT NULL
) WITHOUT ROWID;
