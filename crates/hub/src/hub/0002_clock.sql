-- The clock on people. Of what was open before there was a clock, the time when it was first recorded
-- counts; of what was closed then, nothing is known.
ALTER TABLE findings ADD COLUMN began_at BIGINT;
ALTER TABLE findings ADD COLUMN opened_at BIGINT;
ALTER TABLE findings ADD COLUMN acknowledged_at BIGINT;
ALTER TABLE findings ADD COLUMN closed_at BIGINT;
ALTER TABLE findings ADD COLUMN closed_as TEXT;
UPDATE findings SET opened_at = created_at WHERE record_state = 'ACTIVE'
    AND workflow IN ('NEW', 'NOTIFIED') AND compliance <> 'PASSED';

-- Times that a finding was open and closed, and that ended when it opened again.
CREATE TABLE finding_episodes (
    finding BIGINT NOT NULL,
    began_at BIGINT,
    opened_at BIGINT NOT NULL,
    acknowledged_at BIGINT,
    closed_at BIGINT,
    closed_as TEXT,
    PRIMARY KEY (finding, opened_at)
);
