//! The journal of remediation: what happened to each plan, in order, for ever.

use jiff::Timestamp;
use serde_json::Value;

use crate::db::{Row, args};
use crate::{Lease, Store, StoreError, outbox};

/// A statement with its arguments.
pub type Statement = (String, Vec<crate::sql::Value>);

/// Something that happened to a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalRow {
    /// Which plan.
    pub plan: String,
    /// Its place in the plan's order, from 0.
    pub entry: i64,
    /// What happened, such as `RunStarted`.
    pub kind: String,
    /// The account.
    pub account_id: String,
    /// The automation document.
    pub document: String,
    /// The resource.
    pub resource_id: String,
    /// When.
    pub recorded_at: Timestamp,
    /// The whole of it.
    pub body: Value,
}

const COLUMNS: &str = "plan, entry, kind, account_id, document, resource_id, recorded_at, body";

impl Store {
    /// Adds an entry, at its place, with the event that tells of it and what others keep beside it. False where the place is taken: somebody else
    /// wrote meanwhile; or where the lease under which it is written was lost.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn append_journal(
        &self,
        row: &JournalRow,
        lease: Option<&Lease>,
        event: Option<(&str, &Value)>,
        beside: Vec<Statement>,
    ) -> Result<bool, StoreError> {
        let event = match event {
            Some((detail_type, detail)) => {
                let number = self.take_ids("event", 1).await?.start;
                Some((number, detail_type, detail))
            }
            None => None,
        };
        let mut transaction = self.database().begin().await?;
        if let Some(lease) = lease {
            let sql = "UPDATE leases SET fence = fence WHERE name = $1 AND fence = $2";
            let held = args![lease.name.as_str(), lease.fence];
            if transaction.execute(sql, held).await? != 1 {
                return Ok(false);
            }
        }
        let sql = format!(
            "INSERT INTO remediation_journal ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT DO NOTHING"
        );
        let recorded_at = row.recorded_at.as_microsecond();
        let values = args![
            row.plan.as_str(),
            row.entry,
            row.kind.as_str(),
            row.account_id.as_str(),
            row.document.as_str(),
            row.resource_id.as_str(),
            recorded_at,
            row.body.to_string(),
        ];
        if transaction.execute(&sql, values).await? != 1 {
            return Ok(false);
        }
        if let Some((number, detail_type, detail)) = event {
            let event = outbox::row(number, detail_type, detail.clone(), recorded_at);
            transaction.insert(outbox::COLUMNS, vec![event], "").await?;
        }
        for (sql, values) in beside {
            transaction.execute(&sql, values).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Everything that happened to a plan, in order.
    ///
    /// # Errors
    /// Where the database fails, or holds what it never wrote.
    pub async fn journal(&self, plan: &str) -> Result<Vec<JournalRow>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM remediation_journal WHERE plan = $1 ORDER BY entry");
        let rows = self.database().rows(&sql, args![plan]).await?;
        rows.iter().map(read).collect()
    }

    /// What happened of one kind since a time, the oldest first.
    ///
    /// # Errors
    /// As [`Store::journal`].
    pub async fn journal_of_kind(
        &self,
        kind: &str,
        since: Timestamp,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM remediation_journal WHERE kind = $1 AND recorded_at >= $2 \
             ORDER BY recorded_at, plan, entry"
        );
        let values = args![kind, since.as_microsecond()];
        let rows = self.database().rows(&sql, values).await?;
        rows.iter().map(read).collect()
    }

    /// Takes the one lease of this kind, or says until when somebody else holds it. It is made where there is none.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_lease(
        &self,
        kind: &str,
        holder: &str,
        duration: jiff::SignedDuration,
    ) -> Result<Result<Lease, Timestamp>, StoreError> {
        self.add_lease(kind, kind, crate::query::time(self.now()))
            .await?;
        if let Some(lease) = self.take_leases(kind, holder, 1, duration).await?.pop() {
            return Ok(Ok(lease));
        }
        let sql = "SELECT held_until FROM leases WHERE name = $1";
        let rows = self.database().rows(sql, args![kind]).await?;
        let until = match rows.first() {
            Some(row) => row.int(0)?,
            None => self.now(),
        };
        Ok(Err(crate::query::time(until)))
    }
}

fn read(row: &Row) -> Result<JournalRow, StoreError> {
    let body = row.text(7)?;
    Ok(JournalRow {
        plan: row.text(0)?,
        entry: row.int(1)?,
        kind: row.text(2)?,
        account_id: row.text(3)?,
        document: row.text(4)?,
        resource_id: row.text(5)?,
        recorded_at: crate::query::time(row.int(6)?),
        body: serde_json::from_str(&body).map_err(|error| sqlx::Error::Decode(error.into()))?,
    })
}
