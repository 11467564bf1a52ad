-- What is to be delivered: an event, by a rule, to a target. In the order of (recorded_at, event) for
-- each subject of a target.
CREATE TABLE deliveries (
    delivery BIGINT NOT NULL PRIMARY KEY,
    target TEXT NOT NULL,
    rule TEXT NOT NULL,
    subject TEXT NOT NULL,
    thing TEXT NOT NULL,
    event BIGINT NOT NULL,
    body TEXT NOT NULL,
    -- What the rule's transformer made of it; empty without one.
    input TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- When it was first tried; 0 before.
    tried_at BIGINT NOT NULL,
    -- When it was given up; 0 while it is not.
    dead_at BIGINT NOT NULL,
    problem TEXT NOT NULL
);
CREATE INDEX deliveries_by_subject ON deliveries (target, dead_at, subject, recorded_at, event);
CREATE INDEX deliveries_by_age ON deliveries (target, dead_at, recorded_at, event);

-- How fast a target may be sent to, and until when it is left alone.
CREATE TABLE target_pace (
    target TEXT NOT NULL PRIMARY KEY,
    -- When the next message conforms to the rate, as the generic cell rate algorithm keeps it.
    arrival_at BIGINT NOT NULL,
    paused_until BIGINT NOT NULL,
    failures BIGINT NOT NULL
);

-- What a target calls a thing: an issue's key, an incident's id. Several things may share one.
CREATE TABLE target_references (
    target TEXT NOT NULL,
    thing TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (target, thing)
);
CREATE INDEX target_references_by_reference ON target_references (target, reference);
