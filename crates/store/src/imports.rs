//! Which files of other places have been recorded.

use crate::db::args;
use crate::{Store, StoreError};

impl Store {
    /// Whether a file was recorded whole in this version, such as an object's `ETag`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_imported(&self, source: &str, version: &str) -> Result<bool, StoreError> {
        let sql = "SELECT version FROM imports WHERE source = $1 AND version = $2";
        let rows = self.database().rows(sql, args![source, version]).await?;
        Ok(!rows.is_empty())
    }

    /// Notes that a file was recorded whole.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_imported(&self, source: &str, version: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO imports (source, version, imported_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (source) DO UPDATE SET version = $2, imported_at = $3";
        let mut transaction = self.database().begin().await?;
        let values = args![source, version, self.now()];
        transaction.execute(sql, values).await?;
        Ok(transaction.commit().await?)
    }
}
