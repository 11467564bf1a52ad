//! Who carries out a plan's steps.

use posture_remediation::HandOver;

/// Who carries out the steps of the document.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Runner {
    /// Who carries out the steps. Default: this process. What was handed over to SSM goes on there.
    #[arg(long, value_enum)]
    via: Option<Via>,
    /// Creates the document in the account where SSM has none of its name.
    #[arg(long, requires = "via")]
    create_document: bool,
    /// How long SSM is waited for, in seconds. It goes on without us; the next `run` waits again.
    #[arg(long, value_name = "SECONDS", requires = "via", default_value_t = HandOver::default().wait_seconds)]
    wait: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Via {
    /// AWS Systems Manager Automation, by `StartAutomationExecution`.
    Ssm,
}

impl Runner {
    /// How the plan is handed over; nothing where it is run here.
    pub(super) fn hand_over(&self) -> Option<HandOver> {
        self.via.map(|Via::Ssm| HandOver {
            may_create_document: self.create_document,
            wait_seconds: self.wait,
        })
    }
}
