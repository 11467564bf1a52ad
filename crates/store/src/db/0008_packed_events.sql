-- An event's detail in Zstandard; then `detail` is empty.
ALTER TABLE outbox ADD COLUMN packed BLOB;
