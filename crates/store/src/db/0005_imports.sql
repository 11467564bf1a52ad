-- Files of other places that were recorded whole, as they were then.
CREATE TABLE imports (
    source TEXT NOT NULL PRIMARY KEY,
    version TEXT NOT NULL,
    imported_at BIGINT NOT NULL
);
