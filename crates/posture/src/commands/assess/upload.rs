//! `posture assess upload`.

use std::fs::File;
use std::io::{BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use posture_audit::{Act, Upload};

use super::super::CommandError;
use super::context::{By, Place, framework_of};
use crate::exit::Outcome;
use crate::sink::Sink;

/// The largest file, in bytes: 4 GiB.
const MAX_BYTES: u64 = 4 << 30;

/// Adds a file to a control, or to a request of the auditor. It is stored as it is, never opened, never unpacked.
#[derive(Debug, clap::Args)]
pub(crate) struct UploadFile {
    /// The assessment.
    name: String,
    /// The file.
    file: PathBuf,
    /// The control.
    #[arg(long, value_name = "ID", required_unless_present = "request")]
    control: Option<String>,
    /// The request that it answers.
    #[arg(long, value_name = "ID", conflicts_with = "control")]
    request: Option<String>,
    /// What it shows.
    #[arg(long, default_value = "")]
    note: String,
    /// The first day for which it holds. Default: the period's first.
    #[arg(long, value_name = "DATE")]
    effective_from: Option<Date>,
    /// The last day for which it holds. Default: the period's last.
    #[arg(long, value_name = "DATE")]
    effective_until: Option<Date>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Place,
}

impl UploadFile {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let by = self.by.person()?;
        let opened = self.place.open()?;
        let path = self.file.display().to_string();
        let read = |cause| CommandError::Read {
            path: path.clone(),
            cause,
        };
        let file = File::open(&self.file).map_err(read)?;
        let metadata = file.metadata().map_err(read)?;
        if !metadata.is_file() || metadata.len() > MAX_BYTES {
            return Err(CommandError::Upload { path });
        }
        let Some(evidence) = opened.evidence.as_ref() else {
            return Err(CommandError::NoEvidenceLog);
        };
        // Refused before anything of it is stored.
        let (assessment, framework) = opened.with(|store| {
            let name = self.name.as_str();
            async move {
                let assessment = posture_audit::assessment(&store, name).await?;
                let framework = framework_of(&store, &assessment).await?;
                Ok((assessment, framework))
            }
        })?;
        let place = (self.control.as_deref(), self.request.as_deref());
        posture_audit::check_place(&framework, &assessment, place)?;
        let days: Vec<Date> = assessment.scope.period.days().collect();
        let (first, last) = (days.first().copied(), days.last().copied());
        let (Some(from), Some(until)) =
            (self.effective_from.or(first), self.effective_until.or(last))
        else {
            return Err(CommandError::Upload { path });
        };
        if from > until {
            return Err(CommandError::Effective { from, until });
        }
        let log = evidence.open(opened.place.now())?;
        let mut bytes = BufReader::new(file).take(MAX_BYTES);
        let body = log.put_body("application/octet-stream", &mut bytes)?;
        let sha256 = body.sha256.clone();
        let upload = Upload {
            file_name: harmless(&self.file),
            body,
            note: self.note,
            effective_from: from,
            effective_until: until,
        };
        let act = match self.request {
            Some(request) => Act::RequestUploaded { request, upload },
            None => Act::Uploaded {
                control: self.control.unwrap_or_default(),
                upload,
            },
        };
        opened.act(&self.name, by, |_, _| Ok(act))?;
        let mut out = Sink::new(None)?;
        writeln!(out, "{sha256}")?;
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

/// The last part of the path, in letters that mean nothing to any system.
fn harmless(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() || "._-".contains(letter) {
            letter
        } else {
            '_'
        }
    };
    let name: String = name.chars().map(plain).take(128).collect();
    let name = name.trim_start_matches('.');
    if name.is_empty() { "file" } else { name }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leads_anywhere() {
        let name = |path: &str| harmless(Path::new(path));
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name("a/..\\..\\x.exe"), "_.._x.exe");
        assert_eq!(name("b/<script>.html"), "_script_.html");
        assert_eq!(name(".."), "file");
        assert_eq!(name("c/...hidden"), "hidden");
    }
}
