-- When work that waits, or is being done, has to be done once more.
ALTER TABLE leases ADD COLUMN again_at BIGINT;
