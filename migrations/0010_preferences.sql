-- What the candidate has set for all interviews: one row, a JSON object whose missing keys have their defaults.
CREATE TABLE preferences (
    id   INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    body TEXT    NOT NULL
);
