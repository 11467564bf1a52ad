//! `posture assess`, a verb a file.

mod act;
mod collect;
mod context;
mod export;
mod import_audit_manager;
mod list;
mod new;
mod readiness;
mod readiness_output;
mod requests;
mod requests_change;
mod sample;
mod show;
mod show_activity;
mod show_failures;
mod summary;
mod upload;

pub(crate) use context::{framework, framework_of};

use super::CommandError;
use crate::exit::Outcome;

/// Assesses a framework over a period: evidence by control and day, owners, reviews, packages.
#[derive(Debug, clap::Args)]
pub(crate) struct Assess {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    New(new::New),
    List(list::List),
    Show(show::Show),
    Status(show::Status),
    Assign(act::Assign),
    Delegate(act::Delegate),
    Comment(act::Comment),
    Upload(upload::UploadFile),
    Review(act::Review),
    Close(act::Close),
    Readiness(readiness::Readiness),
    Requests(requests::Requests),
    Collect(collect::Collect),
    Sample(sample::Sample),
    Export(export::Export),
    ImportAuditManager(import_audit_manager::ImportAuditManager),
}

impl Assess {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.verb {
            Verb::New(verb) => verb.run(),
            Verb::List(verb) => verb.run(),
            Verb::Show(verb) => verb.run(),
            Verb::Status(verb) => verb.run(),
            Verb::Assign(verb) => verb.run(),
            Verb::Delegate(verb) => verb.run(),
            Verb::Comment(verb) => verb.run(),
            Verb::Upload(verb) => verb.run(),
            Verb::Review(verb) => verb.run(),
            Verb::Close(verb) => verb.run(),
            Verb::Readiness(verb) => verb.run(),
            Verb::Requests(verb) => verb.run(),
            Verb::Collect(verb) => verb.run(),
            Verb::Sample(verb) => verb.run(),
            Verb::Export(verb) => verb.run(),
            Verb::ImportAuditManager(verb) => verb.run(),
        }
    }
}
