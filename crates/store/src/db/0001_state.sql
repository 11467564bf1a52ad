-- Posture's state, version 1. Types are SQLite's; db/dialect.rs says what PostgreSQL calls them.
-- Times are microseconds since 1970, UTC. Nothing here is deleted but by retention.

-- Where the next identifier of each kind is taken from, in blocks.
CREATE TABLE ids (
    kind TEXT NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
);

-- One execution of something that records or evaluates. Without an end it was interrupted.
CREATE TABLE runs (
    run BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT
);

-- What one listing covers: an account, a Region and a resource type. An empty type is all of them.
CREATE TABLE scopes (
    scope BIGINT NOT NULL PRIMARY KEY,
    aws_partition TEXT NOT NULL,
    account_id TEXT NOT NULL,
    aws_region TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    UNIQUE (account_id, aws_region, resource_type)
);

-- A resource and its newest version, so that a sweep that finds no change reads this table only.
CREATE TABLE resources (
    resource BIGINT NOT NULL PRIMARY KEY,
    identity BLOB NOT NULL UNIQUE,
    scope BIGINT NOT NULL,
    resource_id TEXT NOT NULL,
    resource_name TEXT,
    arn TEXT,
    head_version BIGINT NOT NULL,
    head_valid_from BIGINT NOT NULL,
    head_recorded_at BIGINT NOT NULL,
    head_hash BLOB,
    UNIQUE (scope, resource_id)
);
CREATE INDEX resources_by_arn ON resources (arn);
CREATE INDEX resources_by_name ON resources (resource_name);
CREATE INDEX resources_by_id ON resources (resource_id);

-- Canonical items, Zstandard, by the SHA-256 of their text. `split` is where the members that a
-- version adds are put in.
CREATE TABLE blobs (
    blob BIGINT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    split BIGINT NOT NULL,
    size BIGINT NOT NULL,
    content BLOB NOT NULL
);

-- What a resource was from a time on, and when that became known. Without a blob: deleted.
CREATE TABLE versions (
    version BIGINT NOT NULL PRIMARY KEY,
    resource BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    hash BLOB,
    blob BIGINT,
    run BIGINT NOT NULL
);
CREATE INDEX versions_by_time ON versions (resource, valid_from, recorded_at, version);

-- One row a listing, whatever it found.
CREATE TABLE listings (
    listing BIGINT NOT NULL PRIMARY KEY,
    run BIGINT NOT NULL,
    scope BIGINT NOT NULL,
    listed_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    items BIGINT NOT NULL
);
CREATE INDEX listings_by_time ON listings (scope, listed_at);

-- What could be read of a scope, a row a change. An empty fact is the listing itself.
CREATE TABLE coverage (
    coverage BIGINT NOT NULL PRIMARY KEY,
    scope BIGINT NOT NULL,
    fact TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    denied_action TEXT,
    run BIGINT NOT NULL
);
CREATE INDEX coverage_by_time ON coverage (scope, fact, valid_from, recorded_at, coverage);

-- Rules with their parameters.
CREATE TABLE rules (
    rule BIGINT NOT NULL PRIMARY KEY,
    identity BLOB NOT NULL UNIQUE,
    rule_name TEXT NOT NULL,
    source_identifier TEXT NOT NULL,
    parameters TEXT NOT NULL
);

-- Verdicts, a row a change. `superseded_at` is the greatest number while the verdict stands.
CREATE TABLE verdicts (
    verdict BIGINT NOT NULL PRIMARY KEY,
    resource BIGINT NOT NULL,
    rule BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    superseded_at BIGINT NOT NULL,
    compliance_type TEXT NOT NULL,
    reason TEXT NOT NULL,
    run BIGINT NOT NULL
);
CREATE INDEX verdicts_by_resource ON verdicts (resource, superseded_at, rule);

-- Events that are to be delivered at least once, written with the change that they tell of.
CREATE TABLE outbox (
    event BIGINT NOT NULL PRIMARY KEY,
    detail_type TEXT NOT NULL,
    detail TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    holder TEXT NOT NULL,
    held_until BIGINT NOT NULL
);
CREATE INDEX outbox_by_due ON outbox (due_at, event);

-- Work that exactly one worker does at a time. `fence` grows with each taking.
CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    holder TEXT NOT NULL,
    held_until BIGINT NOT NULL,
    fence BIGINT NOT NULL
);
CREATE INDEX leases_by_due ON leases (kind, due_at, name);
