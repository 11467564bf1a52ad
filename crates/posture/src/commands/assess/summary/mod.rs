//! The summary of an assessment as PDF, where this build can make one.

#[cfg(feature = "pdf")]
mod contents;
#[cfg(feature = "pdf")]
mod typesetter;

#[cfg(feature = "pdf")]
use std::path::Path;

#[cfg(feature = "pdf")]
use posture_ledger::Contents;
#[cfg(feature = "pdf")]
use posture_store::Store;

use super::super::CommandError;
#[cfg(feature = "pdf")]
use super::context::Loaded;

/// Its name in a package.
#[cfg(feature = "pdf")]
const FILE: &str = "summary.pdf";

/// Refused before anything is done, where this build makes no PDF.
pub(super) fn check() -> Result<(), CommandError> {
    if cfg!(feature = "pdf") {
        return Ok(());
    }
    Err(CommandError::NoPdf)
}

/// A package's files with the summary: the same evidence gives the same bytes.
#[cfg(feature = "pdf")]
pub(super) async fn added(
    store: &Store,
    loaded: &Loaded,
    mut files: Contents,
    folder: &Path,
) -> Result<Contents, CommandError> {
    let contents = contents::Contents::of(store, loaded).await?;
    let ident = format!("posture assessment {}", loaded.assessment.name);
    let pdf = typesetter::pdf(serde_json::to_string(&contents)?, ident);
    let file = folder.join(FILE);
    std::fs::write(&file, pdf.map_err(CommandError::Typesetter)?)?;
    files.files.insert(FILE.to_owned(), file);
    Ok(files)
}
