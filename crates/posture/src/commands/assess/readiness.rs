//! `posture assess readiness`.

use std::io::Write;
use std::path::PathBuf;

use jiff::Timestamp;
use posture_audit::{Assessment, Frequency, Readiness as Stands, Scope};
use posture_content::frameworks::Framework;
use posture_store::Store;

use super::super::{CommandError, RowsFormat, scan};
use super::context::{Place, framework};
use super::readiness_output::Told;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Shows where a framework stands: of each control what passes, fails, is not known, lacks a document
/// or an owner; and what to do, the first thing first. From what was recorded: nothing is called.
///
/// The work is sorted by the rule's severity; then what fails before what is not known; then by how
/// many controls it serves; then by how many resources it is about. Documents and owners come last.
#[derive(Debug, clap::Args)]
pub(crate) struct Readiness {
    /// The framework, or a file of your own; `posture frameworks list` names those that are built in.
    framework: String,
    /// The moment: a time, or a date, which means its last second in UTC. Default: now.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Also what changed since this earlier moment.
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Only this account; repeatable. Default: those of the framework's newest assessment, or all.
    #[arg(long = "account", value_name = "ID")]
    accounts: Vec<String>,
    /// Only this Region, and what belongs to none; repeatable.
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
    #[command(flatten)]
    place: Place,
    /// The form of the output. CSV is the list of work.
    #[arg(long, value_enum, default_value = "table")]
    format: RowsFormat,
    /// Where to write it. Default: the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Readiness {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let framework = framework(&self.framework)?;
        let framework = &framework;
        let at = scan::clock(self.as_of.as_deref())?;
        let since = match self.since.as_deref() {
            Some(text) => Some(scan::clock(Some(text))?),
            None => None,
        };
        if let Some(since) = since.filter(|since| *since >= at) {
            return Err(CommandError::Since { since, at });
        }
        let opened = self.place.open()?;
        let this = &self;
        let told = opened.with(|store| async move {
            let (assessment, now) = this.stands(&store, framework, at).await?;
            let before = match since {
                Some(since) => Some(this.stands(&store, framework, since).await?.1),
                None => None,
            };
            Ok(Told {
                framework: framework.clone(),
                assessment,
                now,
                before,
            })
        })?;
        let mut out = Sink::new(self.output.as_deref())?;
        match self.format {
            RowsFormat::Table => told.table(&mut out)?,
            RowsFormat::Json => {
                serde_json::to_writer_pretty(&mut out, &told.document())?;
                writeln!(out)?;
            }
            RowsFormat::Csv => told.csv(&mut out)?,
        }
        out.finish()?;
        // Nobody looked: what was asked for is not known.
        let mut moments = std::iter::once(&told.now).chain(&told.before);
        let is_known = moments.all(|one| one.run.is_some());
        Ok(if is_known {
            Outcome::Clean
        } else {
            Outcome::Incomplete
        })
    }

    async fn stands(
        &self,
        store: &Store,
        framework: &Framework,
        at: Timestamp,
    ) -> Result<(Option<Assessment>, Stands), CommandError> {
        let assessment = posture_audit::assessment_as_of(store, framework, at).await?;
        let of = |given: &Vec<String>, list: fn(&Scope) -> &Vec<String>| match &assessment {
            Some(assessment) if given.is_empty() => list(&assessment.scope).clone(),
            _ => given.clone(),
        };
        let scope = Scope {
            framework: framework.name.clone(),
            framework_version: framework.version.clone(),
            accounts: of(&self.accounts, |scope| &scope.accounts),
            regions: of(&self.regions, |scope| &scope.regions),
            tags: assessment
                .as_ref()
                .map_or(Vec::new(), |assessment| assessment.scope.tags.clone()),
            api_calls: Frequency::default(),
            // Readiness sets the moment itself.
            period: posture_audit::Period {
                from: at,
                until: at,
            },
        };
        let stands = Stands::load(store, framework, &scope, assessment.as_ref(), at).await?;
        Ok((assessment, stands))
    }
}
