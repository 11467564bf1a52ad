-- The status of each control of the enabled standards over all accounts, as it was last told.
CREATE TABLE control_statuses (
    control TEXT NOT NULL PRIMARY KEY,
    status TEXT NOT NULL
);
