-- What came from AWS Audit Manager, version 1. Times are microseconds since 1970, UTC.

-- Frameworks as they were there, each as a framework file of ours.
CREATE TABLE imported_frameworks (
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (name, version)
);

-- Answers of Audit Manager that are kept as they were given: the newest of each kind and name. The
-- evidence log has the older ones too.
CREATE TABLE imported_documents (
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (subject, kind)
);

-- Evidence, by control and the day of its folder. Its bytes are in the evidence log.
CREATE TABLE imported_evidence (
    assessment BIGINT NOT NULL,
    evidence TEXT NOT NULL,
    folder TEXT NOT NULL,
    control TEXT NOT NULL,
    day BIGINT NOT NULL,
    evidence_by_type TEXT NOT NULL,
    compliance_type TEXT,
    account_id TEXT NOT NULL,
    data_source TEXT NOT NULL,
    event_source TEXT NOT NULL,
    event_name TEXT NOT NULL,
    resources TEXT NOT NULL,
    collected_at BIGINT,
    imported_at BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    entry BIGINT NOT NULL,
    PRIMARY KEY (assessment, evidence)
);
CREATE INDEX imported_evidence_by_folder ON imported_evidence (assessment, folder);
CREATE INDEX imported_evidence_by_control ON imported_evidence (assessment, control, day);
CREATE INDEX imported_evidence_by_day ON imported_evidence (day, assessment, evidence);
