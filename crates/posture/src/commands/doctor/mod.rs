//! `posture doctor`.

mod gaps;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;

use posture_model::CoverageState;
use posture_recorder::{Needs, Plan, policy};
use serde::Serialize;
use serde_json::Value;

use super::iam_policy::recorder::{documents, write};
use super::selection::Selection;
use super::{CommandError, ListFormat, StatePlace};
use crate::config::Config;
use crate::exit::Outcome;
use crate::live::{AwsArguments, Wanted, checked, needs_of};
use crate::output::terminal::plain;
use crate::sink::Sink;
use gaps::{Gap, Read};

const SCHEMA: &str = "posture.doctor/v1";

/// Says what of AWS the packs' rules need can't be read, why, and which policy would allow it.
///
/// It asks AWS as scan --aws does and keeps nothing; with --state it asks nothing and says what the
/// last recordings could not read.
#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    selection: Selection,
    /// The profile of `~/.aws/config`. Default: `AWS_PROFILE`, or `default`.
    #[arg(long, conflicts_with = "state")]
    profile: Option<String>,
    /// Everything that can be recorded, whatever the rules need.
    #[arg(long)]
    all: bool,
    /// Only this account; repeatable.
    #[arg(long = "account", value_name = "ID")]
    accounts: Vec<String>,
    /// Only this Region; repeatable. What belongs to no Region is looked at all the same.
    #[arg(long = "region", value_name = "REGION")]
    regions: Vec<String>,
    /// What was recorded there instead of AWS: a folder, a .db file or postgres://…
    #[arg(long, value_name = "DIR|URL")]
    state: Option<String>,
    /// The form of the output.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
    /// Write there instead of to the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// `posture.doctor/v1`, as `--format json` writes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DoctorV1<'d> {
    schema: &'static str,
    /// How many facts were read completely.
    complete: usize,
    /// What was not, sorted by account, Region, type and fact.
    gaps: &'d [Gap],
    /// The policies that allow what was denied; attach them to the role that reads.
    policies: &'d [Value],
    /// What AWS named as denied and no call of the recorder is known to need: not in the policies.
    unexpected_actions: &'d [String],
}

impl Doctor {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let read = self.read()?;
        // The other end chose the words: nobody is to grant what reads nothing.
        let mut known = policy::actions_of(&Plan::new(&Needs::everything()));
        known.extend(policy::organization_actions());
        let denied = read.gaps.iter().filter_map(|gap| gap.denied_action.clone());
        let (expected, unexpected): (BTreeSet<String>, BTreeSet<String>) =
            denied.partition(|action| known.contains(action));
        let policies = documents(&expected);
        let unexpected: Vec<String> = unexpected.into_iter().collect();
        let mut out = Sink::new(self.output.as_deref())?;
        match self.format {
            ListFormat::Json => {
                let document = DoctorV1 {
                    schema: SCHEMA,
                    complete: read.complete,
                    gaps: &read.gaps,
                    policies: &policies,
                    unexpected_actions: &unexpected,
                };
                serde_json::to_writer_pretty(&mut out, &document)?;
                writeln!(out)?;
            }
            ListFormat::Table => table(&read, &policies, &unexpected, &mut out)?,
        }
        out.finish()?;
        // A service that is not enabled has nothing to read.
        let is_disabled = |gap: &Gap| gap.state == CoverageState::Disabled.as_str();
        if read.gaps.iter().all(is_disabled) {
            Ok(Outcome::Clean)
        } else {
            Ok(Outcome::Incomplete)
        }
    }

    fn read(&self) -> Result<Read, CommandError> {
        let config = Config::load(self.selection.config.as_deref())?;
        let packs = self.selection.packs(&config)?;
        let arguments = AwsArguments {
            aws: true,
            profile: self.profile.clone(),
            all: self.all,
            dry_run: false,
        };
        let wanted = Wanted {
            arguments: &arguments,
            needs: if self.all {
                Needs::everything()
            } else {
                needs_of(&packs)
            },
            estate: config.accounts()?,
            accounts: &self.accounts,
            regions: &self.regions,
        };
        match &self.state {
            Some(state) => Read::of_state(&StatePlace::existing(state)?, &wanted),
            None => Ok(Read::of_report(&checked(&wanted)?)),
        }
    }
}

fn table(
    read: &Read,
    policies: &[Value],
    unexpected: &[String],
    out: &mut impl Write,
) -> io::Result<()> {
    let mut place = None;
    for gap in &read.gaps {
        let here = Some((&gap.account_id, &gap.aws_region));
        if place != here {
            let line = match (&*gap.account_id, &*gap.aws_region) {
                ("", _) => "any account".to_owned(),
                (account_id, "") => account_id.to_owned(),
                (account_id, aws_region) => format!("{account_id} {aws_region}"),
            };
            writeln!(out, "{}", plain(&line))?;
            place = here;
        }
        let what = match (&*gap.resource_type, &*gap.fact) {
            ("", _) if gap.account_id.is_empty() => "the accounts of the organization",
            ("", _) if gap.aws_region.is_empty() => "the whole account",
            ("", _) => "the whole Region",
            (resource_type, "") => resource_type,
            (resource_type, fact) => &format!("{resource_type} {fact}"),
        };
        let action = gap.denied_action.as_deref();
        let why = match (action, gap.reason.as_deref()) {
            // The reason names the action, where it is there.
            (_, Some(reason)) => format!(" ({reason})"),
            (Some(action), None) => format!(" ({action})"),
            (None, None) => String::new(),
        };
        writeln!(out, "  {:11}  {}{}", gap.state, plain(what), plain(&why))?;
    }
    writeln!(out, "{} facts read, {} not", read.complete, read.gaps.len())?;
    if !policies.is_empty() {
        writeln!(out, "\nThis allows what was denied:\n")?;
        write(policies, out)?;
    }
    if !unexpected.is_empty() {
        writeln!(
            out,
            "\nAlso denied, and left out as no call of ours is known to need it: {}",
            plain(&unexpected.join(", "))
        )?;
    }
    Ok(())
}
