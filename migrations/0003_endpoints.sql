-- What each model at each endpoint turned out not to take (JSON), so that the next run need not find out again.
-- Old rows are not believed any more: endpoints are brought up to date.
CREATE TABLE endpoints (
    base_url   TEXT    NOT NULL,
    model      TEXT    NOT NULL,
    learned    TEXT    NOT NULL,
    learned_at INTEGER NOT NULL,
    PRIMARY KEY (base_url, model)
) WITHOUT ROWID;
