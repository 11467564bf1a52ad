-- A detail in Zstandard may be an object that is kept elsewhere, too: then `detail` says in which list it is, and what is
-- set in it. What an earlier way to deliver kept goes.
ALTER TABLE outbox DROP COLUMN attempts;
ALTER TABLE outbox DROP COLUMN holder;
ALTER TABLE outbox DROP COLUMN held_until;
