-- Who was told of which stage of a finding that is late, so that nobody is told twice. A finding that opens again has a
-- new clock, and new stages.
CREATE TABLE finding_reminders (
    finding BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    stage TEXT NOT NULL,
    told_at BIGINT NOT NULL,
    PRIMARY KEY (finding, opened_at, stage)
);
