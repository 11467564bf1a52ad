-- Calls that changed something, as CloudTrail tells of them.
CREATE TABLE calls (
    event_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    aws_region TEXT NOT NULL,
    event_source TEXT NOT NULL,
    event_name TEXT NOT NULL,
    principal TEXT NOT NULL,
    happened_at BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL
);

-- What a call named: hashes of the values that it was made with and answered with, so that what
-- was secret among them is nowhere.
CREATE TABLE call_names (
    name BLOB NOT NULL,
    happened_at BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    PRIMARY KEY (name, happened_at, event_id)
);
