//! What a target calls a thing: an issue's key, an incident's id.

use posture_store::Store;

use crate::error::NotifyError;
use crate::queue::args;

/// The references of one target.
#[derive(Debug, Clone)]
pub(crate) struct References<'t> {
    pub(crate) store: Store,
    pub(crate) target: &'t str,
}

impl References<'_> {
    /// What the target calls a thing.
    pub(crate) async fn of(&self, thing: &str) -> Result<Option<String>, NotifyError> {
        let sql = "SELECT reference FROM target_references WHERE target = $1 AND thing = $2";
        let rows = self
            .store
            .database()
            .rows(sql, args![self.target, thing])
            .await?;
        Ok(match rows.first() {
            Some(row) => Some(row.text(0)?),
            None => None,
        })
    }

    /// How many things share a reference.
    pub(crate) async fn count(&self, reference: &str) -> Result<i64, NotifyError> {
        let sql = "SELECT COUNT(*) FROM target_references WHERE target = $1 AND reference = $2";
        let values = args![self.target, reference];
        let rows = self.store.database().rows(sql, values).await?;
        Ok(match rows.first() {
            Some(row) => row.int(0)?,
            None => 0,
        })
    }

    /// Keeps what the target calls things.
    pub(crate) async fn keep(&self, things: &[&str], reference: &str) -> Result<(), NotifyError> {
        let rows = things
            .iter()
            .map(|thing| args![self.target, *thing, reference]);
        let into = "target_references (target, thing, reference)";
        let replace = "ON CONFLICT (target, thing) DO UPDATE SET reference = excluded.reference";
        let mut transaction = self.store.database().begin().await?;
        transaction
            .insert(into, rows.collect::<Vec<_>>(), replace)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Forgets a thing: it is over.
    pub(crate) async fn forget(&self, thing: &str) -> Result<(), NotifyError> {
        let sql = "DELETE FROM target_references WHERE target = $1 AND thing = $2";
        let mut transaction = self.store.database().begin().await?;
        transaction.execute(sql, args![self.target, thing]).await?;
        Ok(transaction.commit().await?)
    }
}
