-- control_counts in one tree: an import changes a count with nearly every finding, and a table with a key of its own keeps
-- each of them twice.
ALTER TABLE control_counts RENAME TO control_counts_in_two;
CREATE TABLE control_counts (
    account_id TEXT NOT NULL,
    control TEXT NOT NULL,
    aws_region TEXT NOT NULL,
    failed BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    passed BIGINT NOT NULL,
    suppressed BIGINT NOT NULL,
    archived BIGINT NOT NULL,
    PRIMARY KEY (account_id, control, aws_region)
) WITHOUT ROWID;
INSERT INTO control_counts
    (account_id, control, aws_region, failed, unknown, passed, suppressed, archived)
    SELECT account_id, control, aws_region, failed, unknown, passed, suppressed, archived
    FROM control_counts_in_two;
DROP TABLE control_counts_in_two;
