-- What a piece of work is about, where it is not about everything that its name says. An empty
-- subject is everything.
CREATE TABLE lease_subjects (
    lease TEXT NOT NULL,
    subject TEXT NOT NULL,
    added BIGINT NOT NULL,
    PRIMARY KEY (lease, subject)
);
