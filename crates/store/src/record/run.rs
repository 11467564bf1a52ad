//! One execution of something that records.

use jiff::Timestamp;

use super::batch::{Batch, Known};
use super::listing::StoreListing;
use super::observation::Observation;
use super::sink::Sink;
use crate::db::{Transaction, Value, args};
use crate::{Lease, Scope, Store, StoreError};

/// A run that records into the store.
#[derive(Debug)]
pub struct Recording {
    store: Store,
    run: i64,
    lease: Option<Lease>,
}

/// What a stream of observations came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Observations taken.
    pub observations: u64,
    /// Versions that they made.
    pub versions: u64,
}

impl Store {
    /// Begins a run. `kind` says what runs, such as `record`.
    ///
    /// # Errors
    /// Where it can't be written.
    pub async fn begin_run(&self, kind: &str) -> Result<Recording, StoreError> {
        let run = self.take_ids("run", 1).await?.start;
        let mut transaction = self.database().begin().await?;
        let sql = "INSERT INTO runs (run, kind, started_at) VALUES ($1, $2, $3)";
        transaction
            .execute(sql, args![run, kind, self.now()])
            .await?;
        transaction.commit().await?;
        Ok(Recording {
            store: self.clone(),
            run,
            lease: None,
        })
    }

    /// When the first complete listing of a scope after a time was made.
    pub(crate) async fn first_listing_after(
        &self,
        scope: i64,
        time: i64,
    ) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT MIN(listed_at) FROM listings \
                   WHERE scope = $1 AND listed_at > $2 AND state = 'complete'";
        let rows = self.database().rows(sql, args![scope, time]).await?;
        match rows.first() {
            Some(row) => Ok(row.int_or_null(0)?),
            None => Ok(None),
        }
    }
}

impl Recording {
    /// The run's number.
    pub fn id(&self) -> i64 {
        self.run
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// The same, whose verdicts and whose end are written only while the lease is held.
    #[must_use]
    pub fn under(mut self, lease: Lease) -> Recording {
        self.lease = Some(lease);
        self
    }

    /// A transaction in which the lease, where there is one, is held to its end.
    pub(crate) async fn begin(&self) -> Result<Transaction, StoreError> {
        let mut transaction = self.store.database().begin().await?;
        if let Some(lease) = &self.lease {
            // Whoever would take the lease waits for this row.
            let sql = "UPDATE leases SET fence = fence WHERE name = $1 AND fence = $2";
            let values = args![lease.name.as_str(), lease.fence];
            if transaction.execute(sql, values).await? == 0 {
                let name = lease.name.clone();
                return Err(StoreError::LeaseLost { name });
            }
        }
        Ok(transaction)
    }

    /// Takes observations that belong to no listing, such as AWS Config's history or an event's.
    /// Those without a capture time are of now.
    pub fn observe(&self) -> Observer<'_> {
        Observer {
            recording: self,
            batch: Batch::of_moments(),
            recorded: Recorded::default(),
        }
    }

    /// Ends the run. Without this it counts as interrupted.
    ///
    /// # Errors
    /// Where it can't be written.
    pub async fn end(self, outcome: &str) -> Result<(), StoreError> {
        self.end_with(outcome, Vec::new()).await
    }

    /// As [`Recording::end`], with statements of another crate in the same transaction: what they
    /// write is there exactly where the run ended.
    ///
    /// # Errors
    /// Where it can't be written; then the run has not ended.
    pub async fn end_with(
        self,
        outcome: &str,
        statements: Vec<(String, Vec<Value>)>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin().await?;
        for (statement, values) in statements {
            transaction.execute(&statement, values).await?;
        }
        let sql = "UPDATE runs SET ended_at = $2, outcome = $3 WHERE run = $1";
        let values = args![self.run, self.store.now(), outcome];
        transaction.execute(sql, values).await?;
        transaction.commit().await?;
        Ok(())
    }
}

impl Sink for Recording {
    type Listing = StoreListing;
    type Error = StoreError;

    async fn begin_listing(
        &self,
        scope: Scope,
        listed_at: Timestamp,
    ) -> Result<StoreListing, StoreError> {
        StoreListing::begin(&self.store, self.run, scope, listed_at.as_microsecond()).await
    }
}

/// Takes observations one by one and writes them many at a time.
#[derive(Debug)]
pub struct Observer<'r> {
    recording: &'r Recording,
    batch: Batch,
    recorded: Recorded,
}

impl Observer<'_> {
    /// Takes an observation; it may be written later, with others.
    ///
    /// # Errors
    /// Where it can't be written.
    pub async fn take(&mut self, observation: Observation) -> Result<(), StoreError> {
        let now = || self.recording.store.now();
        let valid_from = observation.captured_at.unwrap_or_else(now);
        self.batch.push(valid_from, observation);
        self.recorded.observations += 1;
        if self.batch.is_full() {
            self.flush().await?;
        }
        Ok(())
    }

    /// Writes what is left, and says what it all came to.
    ///
    /// # Errors
    /// Where it can't be written.
    pub async fn finish(mut self) -> Result<Recorded, StoreError> {
        self.flush().await?;
        Ok(self.recorded)
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        let Recording { store, run, .. } = self.recording;
        let mut known = Known::new();
        self.recorded.versions += self.batch.flush(store, *run, &mut known).await?;
        Ok(())
    }
}
