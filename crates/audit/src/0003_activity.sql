-- User activity and API calls as evidence.

-- Calls that CloudTrail told of and that are in a record on its way into the evidence log, or there.
CREATE TABLE audit_filed_calls (
    event_id TEXT NOT NULL PRIMARY KEY,
    recorded_at BIGINT NOT NULL,
    entry BIGINT NOT NULL
);
CREATE INDEX audit_filed_calls_by_time ON audit_filed_calls (recorded_at);
CREATE INDEX audit_calls_by_recording ON calls (recorded_at);
CREATE INDEX audit_calls_by_time ON calls (happened_at);
CREATE INDEX audit_calls_by_name ON calls (event_name, happened_at);

-- Calls of AWS's APIs that were made for evidence, whatever they came to. The reply and who asked are
-- in the evidence log, by their hashes; `has_reply` is 1 where a record of this one has the reply,
-- and 0 where one of an earlier one with the same reply does.
CREATE TABLE audit_retrievals (
    retrieval BIGINT NOT NULL PRIMARY KEY,
    service TEXT NOT NULL,
    operation TEXT NOT NULL,
    account_id TEXT NOT NULL,
    aws_region TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    pages BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    code TEXT NOT NULL,
    denied_action TEXT,
    document TEXT NOT NULL,
    reply TEXT NOT NULL,
    has_reply BIGINT NOT NULL,
    entry BIGINT NOT NULL
);
CREATE INDEX audit_retrievals_by_time ON audit_retrievals (started_at);
CREATE INDEX audit_retrievals_by_reply ON audit_retrievals (reply);

-- What AWS Config counted of each type, as a retrieval of its counts was answered.
CREATE TABLE audit_config_counts (
    retrieval BIGINT NOT NULL,
    resource_type TEXT NOT NULL,
    resource_count BIGINT NOT NULL,
    PRIMARY KEY (retrieval, resource_type)
);
