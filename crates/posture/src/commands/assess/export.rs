//! `posture assess export`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;
use posture_audit::{OscalFile, OscalVersion, Period, Redaction};

use super::super::CommandError;
use super::context::{Loaded, Opened, Place};
use super::summary;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Writes an assessment as one zip file that an auditor reads offline and checks with
/// `posture-verify`, or one of its OSCAL documents. The same evidence gives the same bytes.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The assessment.
    name: String,
    /// What to write.
    #[arg(long, value_enum, default_value = "zip")]
    format: Format,
    /// The version of OSCAL of both its documents.
    #[arg(long, value_enum, default_value = "1.1.3", value_name = "VERSION")]
    oscal_version: Version,
    /// A part of the assessment's period only, such as 2026-Q3.
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
    /// Leave personal data out that the evidence holds, and put salted commitments in its place: the
    /// hashes still prove the original.
    #[arg(long, value_enum, value_name = "WHAT")]
    redact: Option<Redact>,
    /// Also a summary as PDF in the package: `summary.pdf`.
    #[arg(long)]
    pdf: bool,
    /// The file, which must not exist. An OSCAL document goes to the standard output without it.
    #[arg(long, value_name = "FILE", required_if_eq("format", "zip"))]
    output: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// The package: pages, tables, OSCAL, and the log that vouches for them.
    Zip,
    /// The assessment-plan of the package, as it is in there.
    OscalAp,
    /// The assessment-results of the package, as they are in there.
    OscalAr,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Redact {
    /// Who made the calls that CloudTrail told of.
    PersonalData,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Version {
    #[value(name = "1.1.2")]
    V1_1_2,
    #[value(name = "1.1.3")]
    V1_1_3,
    #[value(name = "1.2.1")]
    V1_2_1,
}

impl Export {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        if self.pdf {
            summary::check()?;
        }
        let opened = self.place.open()?;
        if let Some(path) = self.output.as_ref().filter(|path| path.exists()) {
            let path = path.display().to_string();
            return Err(CommandError::Exists { path });
        }
        match self.format {
            Format::Zip => self.package(&opened),
            Format::OscalAp => self.document(&opened, OscalFile::AssessmentPlan),
            Format::OscalAr => self.document(&opened, OscalFile::AssessmentResults),
        }
    }

    fn package(&self, opened: &Opened) -> Result<Outcome, CommandError> {
        let (Some(evidence), Some(output)) = (opened.evidence.as_ref(), self.output.as_ref())
        else {
            return Err(CommandError::NoEvidenceLog);
        };
        let folder = tempfile::tempdir()?;
        let (assessment, contents) = self.files(opened, folder.path())?;
        let now = opened.place.now();
        let log = evidence.open(now)?;
        let storage = evidence.log.storage(now)?;
        let (size, contents) = posture_audit::vouch(&log, &assessment, contents, now)?;
        if let Some(stamper) = evidence.stamper()? {
            // The package's own checkpoint, whenever the last one was stamped.
            opened.with(|_| async {
                stamper.stamp_package(&log, size).await;
                Ok(())
            })?;
        }
        posture_audit::write_package(storage.as_ref(), (size, &contents), output)?;
        Ok(Outcome::Clean)
    }

    /// What is redacted, as the log has it.
    fn redaction(&self, opened: &Opened) -> Result<Option<Redaction>, CommandError> {
        match (self.redact, &opened.evidence) {
            (None, _) => Ok(None),
            (Some(Redact::PersonalData), None) => Err(CommandError::NoEvidenceLog),
            (Some(Redact::PersonalData), Some(evidence)) => {
                let log = evidence.open(opened.place.now())?;
                Ok(Some(Redaction::of(&log)?))
            }
        }
    }

    fn document(&self, opened: &Opened, file: OscalFile) -> Result<Outcome, CommandError> {
        let folder = tempfile::tempdir()?;
        self.files(opened, folder.path())?;
        let text = std::fs::read(folder.path().join(file.path()))?;
        let mut out = Sink::new(self.output.as_deref())?;
        out.write_all(&text)?;
        out.finish()?;
        Ok(Outcome::Clean)
    }

    fn files(
        &self,
        opened: &Opened,
        folder: &std::path::Path,
    ) -> Result<(posture_audit::Assessment, posture_ledger::Contents), CommandError> {
        let name = &self.name;
        let period = self.period.as_deref().map(Period::read).transpose()?;
        let version = match self.oscal_version {
            Version::V1_1_2 => OscalVersion::V1_1_2,
            Version::V1_1_3 => OscalVersion::V1_1_3,
            Version::V1_2_1 => OscalVersion::V1_2_1,
        };
        opened.with(|store| async move {
            // What waits is published first: the package holds it.
            if opened.evidence.is_some() {
                opened.publish(&store).await?;
            }
            let mut loaded = Loaded::part(&store, name, period).await?;
            if let Some(evidence) = &opened.evidence {
                let log = evidence.open(opened.place.now())?;
                loaded.evidence.gone = posture_audit::gone_bodies(&log, &loaded.assessment)?;
            }
            let redaction = self.redaction(opened)?;
            if let Some(redaction) = &redaction {
                redaction.apply(&mut loaded.evidence.activity);
            }
            let requests = loaded.requests();
            let mut contents = posture_audit::write_files(
                &store,
                &loaded.framework,
                &loaded.assessment,
                &loaded.evidence,
                &requests,
                version,
                folder,
            )
            .await?;
            if let Some(redaction) = &redaction {
                redaction.leave_out(&mut contents, folder)?;
            }
            #[cfg(feature = "pdf")]
            let contents = if self.pdf {
                summary::added(&store, &loaded, contents, folder).await?
            } else {
                contents
            };
            Ok((loaded.assessment, contents))
        })
    }
}
