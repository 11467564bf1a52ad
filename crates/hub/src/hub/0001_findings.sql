-- The findings hub, version 1. Types are SQLite's; the store says what PostgreSQL calls them. Times
-- are microseconds since 1970, UTC.

-- Whoever writes takes this row first, so that counts are right whoever else writes.
CREATE TABLE hub_writer (
    writer BIGINT NOT NULL PRIMARY KEY,
    turns BIGINT NOT NULL
);
INSERT INTO hub_writer (writer, turns) VALUES (1, 0);

-- Findings. `content` is what the provider said last, ASFF in Zstandard; `layers` what those say who
-- work on it; `created_at` when it first did. `workflow` and `severity` are those that count, all layers taken together.
CREATE TABLE findings (
    finding BIGINT NOT NULL PRIMARY KEY,
    identity BLOB NOT NULL UNIQUE,
    product_arn TEXT NOT NULL,
    id TEXT NOT NULL,
    generator_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    aws_region TEXT NOT NULL,
    title TEXT NOT NULL,
    severity BIGINT NOT NULL,
    compliance TEXT NOT NULL,
    record_state TEXT NOT NULL,
    workflow TEXT NOT NULL,
    control TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    fact BLOB NOT NULL,
    updated_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    origin TEXT NOT NULL,
    layers TEXT NOT NULL,
    content BLOB NOT NULL
);
CREATE INDEX findings_by_fact ON findings (fact);
CREATE INDEX findings_by_control ON findings (control);
CREATE INDEX findings_by_severity ON findings (severity, finding);

-- How many findings a control has of each kind, kept with every change.
CREATE TABLE control_counts (
    control TEXT NOT NULL,
    account_id TEXT NOT NULL,
    aws_region TEXT NOT NULL,
    failed BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    passed BIGINT NOT NULL,
    suppressed BIGINT NOT NULL,
    archived BIGINT NOT NULL,
    PRIMARY KEY (control, account_id, aws_region)
);

-- Controls that somebody turned off. An empty standard is all of them.
CREATE TABLE disabled_controls (
    control TEXT NOT NULL,
    standard TEXT NOT NULL,
    reason TEXT NOT NULL,
    disabled_by TEXT NOT NULL,
    disabled_at BIGINT NOT NULL,
    PRIMARY KEY (control, standard)
);

-- Scores, a row a change. An empty account is all of them, an empty standard all controls once.
-- `superseded_at` is the greatest number while the score stands.
CREATE TABLE scores (
    score BIGINT NOT NULL PRIMARY KEY,
    standard TEXT NOT NULL,
    account_id TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    superseded_at BIGINT NOT NULL,
    passed BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    no_data BIGINT NOT NULL,
    disabled BIGINT NOT NULL
);
CREATE INDEX scores_by_standard ON scores (standard, account_id, recorded_at);
CREATE INDEX scores_standing ON scores (superseded_at);

-- A score that fell below a threshold, until it is well above it.
CREATE TABLE score_incidents (
    incident BIGINT NOT NULL PRIMARY KEY,
    standard TEXT NOT NULL,
    account_id TEXT NOT NULL,
    level TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX score_incidents_open ON score_incidents (closed_at);

-- Automation rules, thresholds: JSON.
CREATE TABLE hub_settings (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
