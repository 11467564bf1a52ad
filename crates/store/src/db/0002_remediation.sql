-- Remediation, version 2 of the state. What happened to each plan, entry by entry; never changed, never deleted.
CREATE TABLE remediation_journal (
    plan TEXT NOT NULL,
    entry BIGINT NOT NULL,
    kind TEXT NOT NULL,
    account_id TEXT NOT NULL,
    document TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (plan, entry)
);
CREATE INDEX remediation_journal_by_kind ON remediation_journal (kind, recorded_at);
