//! Work that exactly one worker does at a time.

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

impl Store {
    /// Announces work. Where there is work of this name already, nothing changes.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_lease(
        &self,
        kind: &str,
        name: &str,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.database().begin().await?;
        let sql = "INSERT INTO leases (name, kind, due_at, holder, held_until, fence) \
                   VALUES ($1, $2, $3, '', 0, 0) ON CONFLICT DO NOTHING";
        let values = args![name, kind, due_at.as_microsecond()];
        transaction.execute(sql, values).await?;
        Ok(transaction.commit().await?)
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
             UPDATE leases SET holder = $1, held_until = $2, fence = fence + 1 \
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

    /// Gives a lease back, its work done; it is due again at `due_at`, or never. False where it was
    /// lost: then somebody else does, or did, the work too.
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
        let sql = "DELETE FROM leases WHERE name = $1 AND fence = $2";
        self.touch(sql, args![name, fence]).await
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

pub(crate) fn until(now: i64, duration: SignedDuration) -> i64 {
    let microseconds = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    now.saturating_add(microseconds)
}
