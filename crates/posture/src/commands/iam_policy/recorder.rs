//! `posture iam-policy recorder`, and what other commands say of its policies.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;

use posture_recorder::{Needs, Plan, policy};

use super::super::CommandError;
use super::super::selection::Selection;
use crate::config::Config;
use crate::exit::Outcome;
use crate::live::needs_of;
use crate::sink::Sink;

/// The policy of a role that reads accounts: the actions that `scan --aws` needs for the packs.
///
/// Where it is longer than AWS lets a managed policy be, it is several documents, one after another.
#[derive(Debug, clap::Args)]
pub(crate) struct RecorderPolicy {
    #[command(flatten)]
    allowed: Allowed,
    /// Only the document of this number, from 1.
    #[arg(long, value_name = "N")]
    part: Option<usize>,
    /// Write there instead of to the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What a role of the recorder may do.
#[derive(Debug, clap::Args)]
pub(crate) struct Allowed {
    #[command(flatten)]
    selection: Selection,
    /// Everything that can be recorded, whatever the rules need.
    #[arg(long)]
    all: bool,
    /// Also to list the accounts of the organization.
    #[arg(long)]
    organization: bool,
}

impl Allowed {
    /// The actions, sorted.
    pub(crate) fn actions(&self) -> Result<BTreeSet<String>, CommandError> {
        let needs = if self.all {
            Needs::everything()
        } else {
            let config = Config::load(self.selection.config.as_deref())?;
            needs_of(&self.selection.packs(&config)?)
        };
        let mut actions = policy::actions_of(&Plan::new(&needs));
        if self.organization {
            actions.extend(policy::organization_actions());
        }
        Ok(actions)
    }
}

impl RecorderPolicy {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let actions = self.allowed.actions()?;
        let documents = documents(&actions);
        let wanted = match self.part {
            None => documents.as_slice(),
            Some(number) => {
                let index = number.checked_sub(1);
                let found = index.and_then(|index| documents.get(index));
                let found = found.ok_or(CommandError::Part {
                    number,
                    count: documents.len(),
                })?;
                std::slice::from_ref(found)
            }
        };
        let mut out = Sink::new(self.output.as_deref())?;
        write(wanted, &mut out)?;
        out.finish()?;
        if self.part.is_none() && documents.len() > 1 {
            writeln!(
                io::stderr(),
                "{} documents, as a managed policy has at most {} characters; --part N prints one",
                documents.len(),
                policy::MANAGED_POLICY_SIZE
            )?;
        }
        Ok(Outcome::Clean)
    }
}

/// The documents that allow these actions, each in the size of a managed policy.
pub(crate) fn documents(actions: &BTreeSet<String>) -> Vec<serde_json::Value> {
    let groups = policy::groups(actions);
    let numbered = (1..).zip(&groups);
    numbered
        .map(|(number, group)| policy::document(number, group))
        .collect()
}

/// One document after another.
pub(crate) fn write(documents: &[serde_json::Value], out: &mut impl Write) -> io::Result<()> {
    for document in documents {
        serde_json::to_writer_pretty(&mut *out, document)?;
        writeln!(out)?;
    }
    Ok(())
}
