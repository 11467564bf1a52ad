-- How many verdicts became what, by time, scope and rule; written in the transaction of the verdicts
-- that it counts, and following from them. Each verdict is counted in the cell of its day (`days` is
-- 1) and in that of its 32 days (`days` is 32), and in the cells of any scope, of any rule and of
-- both, which have -1 there. `first_day` counts from 1970-01-01, UTC.
CREATE TABLE verdict_counts (
    days BIGINT NOT NULL,
    first_day BIGINT NOT NULL,
    scope BIGINT NOT NULL,
    rule BIGINT NOT NULL,
    compliant BIGINT NOT NULL,
    non_compliant BIGINT NOT NULL,
    not_applicable BIGINT NOT NULL,
    insufficient_data BIGINT NOT NULL,
    PRIMARY KEY (days, first_day, scope, rule)
) WITHOUT ROWID;
INSERT INTO verdict_counts
SELECT 1, c.day, c.scope, c.rule,
    SUM(CASE WHEN c.compliance_type = 'COMPLIANT' THEN 1 ELSE 0 END),
    SUM(CASE WHEN c.compliance_type = 'NON_COMPLIANT' THEN 1 ELSE 0 END),
    SUM(CASE WHEN c.compliance_type = 'NOT_APPLICABLE' THEN 1 ELSE 0 END),
    SUM(CASE WHEN c.compliance_type = 'INSUFFICIENT_DATA' THEN 1 ELSE 0 END)
FROM (
    SELECT (v.valid_from - ((v.valid_from % 86400000000) + 86400000000) % 86400000000) / 86400000000 AS day,
        r.scope AS scope, v.rule AS rule, v.compliance_type AS compliance_type
    FROM verdicts v JOIN resources r ON r.resource = v.resource
) c
GROUP BY c.day, c.scope, c.rule;
INSERT INTO verdict_counts
SELECT 1, c.first_day, -1, c.rule,
    SUM(c.compliant), SUM(c.non_compliant), SUM(c.not_applicable), SUM(c.insufficient_data)
FROM verdict_counts c
GROUP BY c.first_day, c.rule;
INSERT INTO verdict_counts
SELECT 1, c.first_day, c.scope, -1,
    SUM(c.compliant), SUM(c.non_compliant), SUM(c.not_applicable), SUM(c.insufficient_data)
FROM verdict_counts c
GROUP BY c.first_day, c.scope;
INSERT INTO verdict_counts
SELECT 32, c.first_day - ((c.first_day % 32) + 32) % 32, c.scope, c.rule,
    SUM(c.compliant), SUM(c.non_compliant), SUM(c.not_applicable), SUM(c.insufficient_data)
FROM verdict_counts c
GROUP BY c.first_day - ((c.first_day % 32) + 32) % 32, c.scope, c.rule;
