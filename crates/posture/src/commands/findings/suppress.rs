//! `posture findings suppress`.

use std::io::Write as _;

use posture_hub::{CustomerUpdate, Hub, Selected, WorkflowStatus};

use super::super::CommandError;
use super::super::state::StateArgument;
use super::selection::Selection;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Suppresses findings, with a reason; or says another thing of the work on them.
#[derive(Debug, clap::Args)]
pub(crate) struct Suppress {
    /// Numbers or ids of findings.
    findings: Vec<String>,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    state: StateArgument,
    /// Why; it is kept as the finding's note.
    #[arg(long)]
    reason: String,
    /// Who says so.
    #[arg(long = "as", value_name = "WHO")]
    by: String,
    /// What is said of the work.
    #[arg(long, value_enum, default_value = "suppressed")]
    workflow: Workflow,
}

/// `Workflow.Status`.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Workflow {
    New,
    Notified,
    Resolved,
    Suppressed,
}

impl From<Workflow> for WorkflowStatus {
    fn from(workflow: Workflow) -> WorkflowStatus {
        match workflow {
            Workflow::New => WorkflowStatus::New,
            Workflow::Notified => WorkflowStatus::Notified,
            Workflow::Resolved => WorkflowStatus::Resolved,
            Workflow::Suppressed => WorkflowStatus::Suppressed,
        }
    }
}

impl Suppress {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        if self.findings.is_empty() && self.selection.is_empty() {
            return Err(CommandError::NoFindings);
        }
        let update = CustomerUpdate {
            workflow: Some(self.workflow.into()),
            note: Some((self.reason, self.by)),
            ..CustomerUpdate::default()
        };
        let filters = self.selection.filters(false)?;
        let has_filters = !self.selection.is_empty();
        let changed = self.state.existing()?.with(|store| async move {
            let hub = Hub::open(&store).await?;
            let mut numbers = Vec::new();
            for name in self.findings {
                let found = hub.named(&name).await?;
                if found.is_empty() {
                    return Err(CommandError::UnknownFinding { name });
                }
                numbers.extend(found.iter().map(|finding| finding.number));
            }
            let mut changed = hub.update(&Selected::Numbers(numbers), &update).await?;
            if has_filters {
                changed += hub.update(&Selected::Filters(filters), &update).await?;
            }
            hub.refresh_scores().await?;
            Ok(changed)
        })?;
        let mut out = Sink::new(None)?;
        writeln!(out, "{changed} findings changed")?;
        out.finish()?;
        Ok(Outcome::Clean)
    }
}
