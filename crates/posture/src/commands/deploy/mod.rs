//! `posture deploy`.

mod cloudformation;
mod events;
mod terraform;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use posture_recorder::policy;

use super::CommandError;
use super::iam_policy::recorder::Allowed;
use crate::exit::Outcome;
use crate::sink::Sink;

/// Writes templates of what Posture needs in AWS. Nothing is deployed.
#[derive(Debug, clap::Args)]
pub(crate) struct Deploy {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Recorder(DeployRecorder),
    Events(DeployEvents),
}

/// The queue of posture watch, and the EventBridge rules that send to it: of one Region.
#[derive(Debug, clap::Args)]
struct DeployEvents {
    /// The form of the template.
    #[arg(long, value_enum)]
    format: TemplateFormat,
    /// Write there instead of to the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The role that reads an account, with the policy that iam-policy recorder prints.
#[derive(Debug, clap::Args)]
struct DeployRecorder {
    #[command(flatten)]
    allowed: Allowed,
    /// The form of the template.
    #[arg(long, value_enum)]
    format: TemplateFormat,
    /// The account that Posture runs in, which may take the role. Default: asked when it is
    /// deployed.
    #[arg(long, value_name = "ID", value_parser = account_id)]
    trusted_account: Option<String>,
    /// What whoever takes the role has to say. Default: asked when it is deployed; empty for none.
    #[arg(long, value_name = "ID", value_parser = external_id)]
    external_id: Option<String>,
    /// Write there instead of to the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum TemplateFormat {
    /// A template in YAML, for a stack or a stack set.
    Cloudformation,
    /// A module.
    Terraform,
}

/// What a template is of.
pub(crate) struct RecorderRole<'r> {
    /// The actions of each policy.
    pub(crate) groups: &'r [Vec<&'r str>],
    /// 12 digits.
    pub(crate) trusted_account: Option<&'r str>,
    /// Of the letters that STS allows.
    pub(crate) external_id: Option<&'r str>,
}

impl Deploy {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.what {
            What::Recorder(recorder) => recorder.run(),
            What::Events(events) => events.run(),
        }
    }
}

impl DeployEvents {
    fn run(&self) -> Result<Outcome, CommandError> {
        let text = match self.format {
            TemplateFormat::Cloudformation => events::cloudformation(),
            TemplateFormat::Terraform => events::terraform(),
        };
        write(&text, self.output.as_deref())
    }
}

impl DeployRecorder {
    fn run(&self) -> Result<Outcome, CommandError> {
        let actions = self.allowed.actions()?;
        let role = RecorderRole {
            groups: &policy::groups(&actions),
            trusted_account: self.trusted_account.as_deref(),
            external_id: self.external_id.as_deref(),
        };
        let text = match self.format {
            TemplateFormat::Cloudformation => cloudformation::recorder(&role),
            TemplateFormat::Terraform => terraform::recorder(&role),
        };
        write(&text, self.output.as_deref())
    }
}

fn write(text: &str, output: Option<&Path>) -> Result<Outcome, CommandError> {
    let mut out = Sink::new(output)?;
    out.write_all(text.as_bytes())?;
    out.finish()?;
    Ok(Outcome::Clean)
}

fn account_id(text: &str) -> Result<String, String> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits && text.len() == 12 {
        Ok(text.to_owned())
    } else {
        Err("an account's id is 12 digits".to_owned())
    }
}

/// Source: `sts:AssumeRole`, `ExternalId`: 2 to 1,224 of `[\w+=,.@:\/-]`.
fn external_id(text: &str) -> Result<String, String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte);
    if text.bytes().all(is_allowed) && (2..=1224).contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        Err("an external id is 2 to 1224 letters, digits and _+=,.@:/-".to_owned())
    }
}
