//! `posture assess requests import` and `assign`.

use std::io::Write as _;
use std::path::PathBuf;

use jiff::civil::Date;
use posture_audit::{Act, Person};

use super::super::CommandError;
use super::context::{By, Place};
use crate::exit::Outcome;
use crate::sink::Sink;

/// The largest list, in bytes: 16 MiB.
const MAX_BYTES: u64 = 16 << 20;

/// Takes in an auditor's own list, a CSV file with the columns id, text, controls, due and owner.
///
/// All of it or nothing. Of a request that is known by its id, what the list says replaces what was
/// there; of the built-in requests only due and owner are taken.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportRequests {
    /// The assessment.
    name: String,
    /// The list.
    file: PathBuf,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Place,
}

/// Says who answers a request, and until when.
#[derive(Debug, clap::Args)]
pub(crate) struct AssignRequest {
    /// The assessment.
    name: String,
    /// The request.
    #[arg(long, value_name = "ID")]
    request: String,
    /// Who answers it: a person's name.
    #[arg(long, value_name = "NAME", required_unless_present = "due")]
    owner: Option<String>,
    /// Until when.
    #[arg(long, value_name = "DATE")]
    due: Option<Date>,
    #[command(flatten)]
    by: By,
    #[command(flatten)]
    place: Place,
}

impl ImportRequests {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let path = self.file.display().to_string();
        let read = |cause| CommandError::Read {
            path: path.clone(),
            cause,
        };
        let metadata = std::fs::metadata(&self.file).map_err(read)?;
        if !metadata.is_file() || metadata.len() > MAX_BYTES {
            return Err(CommandError::RequestFile { path });
        }
        let bytes = std::fs::read(&self.file).map_err(read)?;
        let by = self.by.person()?;
        let mut count = 0;
        self.place.open()?.act(&self.name, by, |framework, _| {
            let requests = posture_audit::read_requests(framework, &bytes)?;
            count = requests.len();
            Ok(Act::RequestsImported { requests })
        })?;
        let mut out = Sink::new(None)?;
        writeln!(out, "{count} requests")?;
        out.finish()?;
        Ok(Outcome::Clean)
    }
}

impl AssignRequest {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let by = self.by.person()?;
        let owner = self.owner.as_deref().map(Person::named).transpose()?;
        let (request, due) = (self.request, self.due);
        self.place.open()?.act(&self.name, by, |_, _| {
            Ok(Act::RequestAssigned {
                request,
                owner,
                due,
            })
        })?;
        Ok(Outcome::Clean)
    }
}
