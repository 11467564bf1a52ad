-- Assessments and evidence, version 1. Times are microseconds since 1970, UTC.

-- Records on their way into the evidence log, written in the transaction of what they tell of. One
-- that is published has the index of its leaf.
CREATE TABLE audit_queue (
    entry BIGINT NOT NULL PRIMARY KEY,
    token TEXT NOT NULL,
    queued_at BIGINT NOT NULL,
    record TEXT NOT NULL,
    body BLOB,
    leaf BIGINT
);
CREATE INDEX audit_queue_by_leaf ON audit_queue (leaf, queued_at, entry);

-- How far each log is known to hold what was queued, by its origin.
CREATE TABLE audit_published (
    origin TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL
);

-- What a run evaluated, by the SHA-256 of its text: rules, packs, gaps, exceptions. Zstandard.
CREATE TABLE audit_documents (
    sha256 TEXT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    content BLOB NOT NULL
);

-- Evaluations of everything, a row a run.
CREATE TABLE audit_runs (
    run BIGINT NOT NULL PRIMARY KEY,
    evaluated_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    document TEXT NOT NULL,
    verdict_root TEXT NOT NULL,
    verdicts BIGINT NOT NULL,
    entry BIGINT
);
CREATE INDEX audit_runs_by_time ON audit_runs (evaluated_at);

-- Assessments. What became of them is in their acts.
CREATE TABLE audit_assessments (
    assessment BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

-- What people did to an assessment, in order; never changed, never deleted.
CREATE TABLE audit_acts (
    assessment BIGINT NOT NULL,
    number BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    act TEXT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (assessment, number)
);
