//! Work that exactly one worker does at a time.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::db::args;
use crate::{Store, StoreError};

/// Work that this worker holds until a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What kind of work.
    pub kind: String,
    /// Which: unique among all kinds.
    pub name: String,
    /// Grows each time somebody takes the lease. What is written under a lease carries it, so that
    /// a worker that lost its lease and doesn't know is found out.
    pub fence: i64,
}

/// Work of a kind that has not been done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeaseCounts {
    /// Pieces that somebody is at.
    pub held: i64,
    /// Pieces that are due, and nobody is at.
    pub due: i64,
}

impl Store {
    /// Announces work, due at a time. As [`Store::add_leases`].
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_lease(
        &self,
        kind: &str,
        name: &str,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        let one = BTreeMap::from([(name.to_owned(), due_at)]);
        self.add_leases(kind, &one).await
    }

    /// Announces pieces of work by their names, each due at a time, all of them or none.
    ///
    /// No announcement is lost: where work of the name waits, it is done at the earlier of both
    /// times, and once more at the later one; where it is being done, it is done once more. Work
    /// that begins after a time counts for that time.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_leases(
        &self,
        kind: &str,
        work: &BTreeMap<String, Timestamp>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO leases (name, kind, due_at, holder, held_until, fence) \
                   VALUES ($1, $2, $3, '', 0, 0) ON CONFLICT (name) DO UPDATE SET \
                   again_at = CASE WHEN (leases.held_until > $4 OR leases.due_at < $3) \
                   AND (leases.again_at IS NULL OR leases.again_at < $3) \
                   THEN $3 ELSE leases.again_at END, \
                   due_at = CASE WHEN leases.held_until <= $4 AND leases.due_at > $3 \
                   THEN $3 ELSE leases.due_at END";
        let now = self.now();
        let mut transaction = self.database().begin().await?;
        // In the order of the names: two processes never wait for each other's rows.
        for (name, due_at) in work {
            let values = args![name.as_str(), kind, due_at.as_microsecond(), now];
            transaction.execute(sql, values).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Announces work that comes again and again. Where it waits already, `due_at` takes the place
    /// of a later or earlier time that has not come yet; work that is overdue, or being done, is
    /// left as it is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn schedule_lease(
        &self,
        kind: &str,
        name: &str,
        first: Timestamp,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO leases (name, kind, due_at, holder, held_until, fence) \
                   VALUES ($1, $2, $3, '', 0, 0) ON CONFLICT (name) DO UPDATE SET due_at = $4 \
                   WHERE leases.held_until <= $5 AND leases.due_at > $5";
        let mut transaction = self.database().begin().await?;
        let values = args![
            name,
            kind,
            first.as_microsecond(),
            due_at.as_microsecond(),
            self.now(),
        ];
        transaction.execute(sql, values).await?;
        Ok(transaction.commit().await?)
    }

    /// How much work of a kind there is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_leases(&self, kind: &str) -> Result<LeaseCounts, StoreError> {
        let sql = "SELECT COUNT(CASE WHEN held_until > $2 THEN 1 END), \
                   COUNT(CASE WHEN held_until <= $2 AND due_at <= $2 THEN 1 END) \
                   FROM leases WHERE kind = $1";
        let rows = self.database().rows(sql, args![kind, self.now()]).await?;
        match rows.first() {
            Some(row) => Ok(LeaseCounts {
                held: row.int(0)?,
                due: row.int(1)?,
            }),
            None => Ok(LeaseCounts::default()),
        }
    }

    /// Takes up to `count` pieces of due work that nobody holds, the longest due first. Whoever
    /// held a lease whose time is over has lost it: that worker was killed, or hangs.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_leases(
        &self,
        kind: &str,
        holder: &str,
        count: i64,
        duration: SignedDuration,
    ) -> Result<Vec<Lease>, StoreError> {
        // The list is made once: a plan that made it again for each row would take more than it.
        let sql = format!(
            "WITH picked AS MATERIALIZED (SELECT name FROM leases WHERE kind = $3 \
             AND due_at <= $4 AND held_until <= $4 ORDER BY due_at, name LIMIT $5{}) \
             UPDATE leases SET holder = $1, held_until = $2, fence = fence + 1, \
             again_at = CASE WHEN again_at <= $4 THEN NULL ELSE again_at END \
             WHERE name IN (SELECT name FROM picked) RETURNING name, fence",
            self.database().dialect().skip_locked()
        );
        let now = self.now();
        let mut transaction = self.database().begin().await?;
        let values = args![holder, until(now, duration), kind, now, count];
        let rows = transaction.rows(&sql, values).await?;
        transaction.commit().await?;
        let mut leases = Vec::with_capacity(rows.len());
        for row in rows {
            leases.push(Lease {
                kind: kind.to_owned(),
                name: row.text(0)?,
                fence: row.int(1)?,
            });
        }
        leases.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(leases)
    }

    /// Holds a lease for longer, from now on. False where it was lost: then stop.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn renew_lease(
        &self,
        lease: &Lease,
        duration: SignedDuration,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE leases SET held_until = $3 WHERE name = $1 AND fence = $2";
        let held_until = until(self.now(), duration);
        self.touch(sql, args![lease.name.as_str(), lease.fence, held_until])
            .await
    }

    /// Gives a lease back, its work done; it is due again at `due_at`, or, without, when it was
    /// announced once more, or never. False where it was lost: then somebody else does, or did, the
    /// work too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn release_lease(
        &self,
        lease: &Lease,
        due_at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let (name, fence) = (lease.name.as_str(), lease.fence);
        if let Some(due_at) = due_at {
            let sql = "UPDATE leases SET holder = '', held_until = 0, due_at = $3 \
                       WHERE name = $1 AND fence = $2";
            return self
                .touch(sql, args![name, fence, due_at.as_microsecond()])
                .await;
        }
        let mut transaction = self.database().begin().await?;
        let sql = "DELETE FROM leases WHERE name = $1 AND fence = $2 AND again_at IS NULL";
        let mut touched = transaction.execute(sql, args![name, fence]).await?;
        if touched == 0 {
            let sql = "UPDATE leases SET holder = '', held_until = 0, due_at = again_at, \
                       again_at = NULL WHERE name = $1 AND fence = $2 AND again_at IS NOT NULL";
            touched = transaction.execute(sql, args![name, fence]).await?;
        }
        transaction.commit().await?;
        Ok(touched == 1)
    }

    /// Whether a statement on one row found it.
    pub(crate) async fn touch(
        &self,
        sql: &str,
        values: Vec<crate::db::Value>,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.database().begin().await?;
        let touched = transaction.execute(sql, values).await?;
        transaction.commit().await?;
        Ok(touched == 1)
    }
}

fn until(now: i64, duration: SignedDuration) -> i64 {
    let microseconds = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    now.saturating_add(microseconds)
}
