//! Frameworks that an import brought.

use posture_content::frameworks::{Framework, load, to_yaml};
use posture_store::Store;

use super::framework::Built;
use crate::error::AuditError;
use crate::schema::args;

/// Keeps a framework; false where it is here already.
pub(super) async fn keep(store: &Store, built: &Built) -> Result<bool, AuditError> {
    let sql = "INSERT INTO imported_frameworks (name, version, content) VALUES ($1, $2, $3) \
               ON CONFLICT DO NOTHING";
    let (name, version) = (
        built.framework.name.as_str(),
        built.framework.version.as_str(),
    );
    let mut transaction = store.database().begin().await?;
    let values = args![name, version, built.content.as_str()];
    let kept = transaction.execute(sql, values).await?;
    transaction.commit().await?;
    Ok(kept == 1)
}

/// Keeps a user's own framework for the assessments of it. What was kept is never replaced: a framework
/// that changed has another version.
///
/// # Errors
/// Where the state fails, or has another framework of this name and version.
pub async fn keep_framework(store: &Store, framework: &Framework) -> Result<(), AuditError> {
    let sql = "INSERT INTO imported_frameworks (name, version, content) VALUES ($1, $2, $3) \
               ON CONFLICT DO NOTHING";
    let (name, version) = (framework.name.as_str(), framework.version.as_str());
    let content = to_yaml(framework);
    let mut transaction = store.database().begin().await?;
    let values = args![name, version, content.as_str()];
    transaction.execute(sql, values).await?;
    transaction.commit().await?;
    let sql = "SELECT content FROM imported_frameworks WHERE name = $1 AND version = $2";
    let rows = store.database().rows(sql, args![name, version]).await?;
    match rows.first() {
        Some(row) if row.text(0)? == content => Ok(()),
        _ => Err(AuditError::FrameworkChanged {
            name: name.to_owned(),
            version: version.to_owned(),
        }),
    }
}

/// The framework of this name and version that an import brought, or somebody made; none where none did.
///
/// # Errors
/// Where the state fails, or is damaged.
pub async fn imported_framework(
    store: &Store,
    name: &str,
    version: &str,
) -> Result<Option<Framework>, AuditError> {
    let sql = "SELECT content FROM imported_frameworks WHERE name = $1 AND version = $2";
    let rows = store.database().rows(sql, args![name, version]).await?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    match load(&row.text(0)?) {
        Ok(framework) => Ok(Some(framework)),
        Err(_) => Err(AuditError::Damaged {
            what: format!("the imported framework {name}"),
        }),
    }
}
