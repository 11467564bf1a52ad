-- Findings of each control over all accounts and Regions: control_counts, summed, and kept with it.
CREATE TABLE control_totals (
    control TEXT NOT NULL PRIMARY KEY,
    failed BIGINT NOT NULL,
    unknown BIGINT NOT NULL,
    passed BIGINT NOT NULL,
    suppressed BIGINT NOT NULL,
    archived BIGINT NOT NULL
);
INSERT INTO control_totals (control, failed, unknown, passed, suppressed, archived)
    SELECT control, CAST(SUM(failed) AS BIGINT), CAST(SUM(unknown) AS BIGINT),
    CAST(SUM(passed) AS BIGINT), CAST(SUM(suppressed) AS BIGINT), CAST(SUM(archived) AS BIGINT)
    FROM control_counts GROUP BY control;

-- control_counts with the account first: what one account has is in one place.
ALTER TABLE control_counts RENAME TO control_counts_by_control;
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
);
INSERT INTO control_counts
    (account_id, control, aws_region, failed, unknown, passed, suppressed, archived)
    SELECT account_id, control, aws_region, failed, unknown, passed, suppressed, archived
    FROM control_counts_by_control;
DROP TABLE control_counts_by_control;

-- Accounts whose findings changed since their scores were computed. An empty one is all of them: a
-- standard, a control or a threshold was turned on, off or about.
CREATE TABLE unscored (
    account_id TEXT NOT NULL PRIMARY KEY
);
INSERT INTO unscored (account_id) VALUES ('');
