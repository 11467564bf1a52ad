//! `posture assess export`.

use std::path::PathBuf;

use posture_ledger::Directory;

use super::super::CommandError;
use super::context::{Loaded, Place};
use crate::exit::Outcome;

/// Writes an assessment as one zip file that an auditor reads offline and checks with
/// `posture-verify`. The same evidence gives the same bytes.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The assessment.
    name: String,
    /// The file, which must not exist.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    place: Place,
}

impl Export {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let opened = self.place.open()?;
        if self.output.exists() {
            let path = self.output.display().to_string();
            return Err(CommandError::Exists { path });
        }
        let Some(evidence) = opened.evidence.as_ref() else {
            return Err(CommandError::NoEvidenceLog);
        };
        let folder = tempfile::tempdir()?;
        let (name, files) = (&self.name, folder.path());
        let (assessment, contents) = opened.with(|store| {
            let opened = &opened;
            async move {
                // What waits is published first: the package holds it.
                opened.publish(&store).await?;
                let loaded = Loaded::load(&store, name).await?;
                let contents = posture_audit::write_files(
                    &store,
                    loaded.framework,
                    &loaded.assessment,
                    &loaded.evidence,
                    files,
                )
                .await?;
                Ok((loaded.assessment, contents))
            }
        })?;
        let now = opened.place.now();
        let log = evidence.open(now)?;
        let storage = Directory::new(&evidence.log);
        posture_audit::write_package(&log, &storage, &assessment, contents, now, &self.output)?;
        Ok(Outcome::Clean)
    }
}
