//! `posture iam-policy`.

mod delivery;
pub(super) mod recorder;
mod sources;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use posture_remediation::{
    Content, PASS_ROLE, RemediationError, Remedy, SSM_ACTIONS, SSM_CREATE_DOCUMENT, SafetyClass,
};
use serde_json::{Value, json};

use super::CommandError;
use crate::exit::Outcome;
use crate::sink::Sink;
use delivery::DeliveryPolicy;
use recorder::{RecorderPolicy, write};
use sources::SourcesPolicy;

/// Prints IAM policies that allow what Posture does, and nothing else.
#[derive(Debug, clap::Args)]
pub(crate) struct IamPolicy {
    #[command(subcommand)]
    role: Role,
}

#[derive(Debug, clap::Subcommand)]
enum Role {
    Recorder(RecorderPolicy),
    Sources(SourcesPolicy),
    Delivery(DeliveryPolicy),
    Remediation(RemediationPolicy),
}

/// The policy of a role that runs remediation documents: the actions of their calls, those of the undo too.
#[derive(Debug, clap::Args)]
struct RemediationPolicy {
    /// Only this document; repeatable.
    #[arg(long = "document", value_name = "NAME", conflicts_with = "class")]
    documents: Vec<String>,
    /// Only documents of this class: a role for each class keeps what runs by itself apart.
    #[arg(long, value_enum)]
    class: Option<Class>,
    /// Who carries out the steps. For `ssm` also what `remediate run --via ssm` needs, with `--create-document`.
    #[arg(long, value_enum)]
    via: Option<Via>,
    /// Write there instead of to the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Via {
    /// AWS Systems Manager Automation.
    Ssm,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Class {
    /// Documents that may run by themselves.
    Safe,
    /// Documents that somebody approves each time.
    Guarded,
}

impl IamPolicy {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        match self.role {
            Role::Recorder(policy) => policy.run(),
            Role::Sources(policy) => policy.run(),
            Role::Delivery(policy) => policy.run(),
            Role::Remediation(policy) => policy.run(),
        }
    }
}

impl RemediationPolicy {
    fn run(self) -> Result<Outcome, CommandError> {
        let content = Content::embedded()?;
        let mut remedies = Vec::new();
        for name in &self.documents {
            remedies.push(content.remedy(name)?);
        }
        let wanted = self.class.map(|class| match class {
            Class::Safe => SafetyClass::Safe,
            Class::Guarded => SafetyClass::Guarded,
        });
        if self.documents.is_empty() {
            remedies.extend(content.remedies().filter(|remedy| {
                let safety = remedy.safety.safety;
                let is_wanted = wanted.is_none_or(|wanted| safety == wanted);
                is_wanted && safety != SafetyClass::Manual
            }));
        }
        print(policy(&remedies, self.via), self.output.as_deref())
    }
}

/// Prints a policy, there or to the standard output.
pub(super) fn print(policy: Value, output: Option<&Path>) -> Result<Outcome, CommandError> {
    let mut out = Sink::new(output)?;
    write(&[policy], &mut out)?;
    out.finish()?;
    Ok(Outcome::Clean)
}

/// The service that takes a document's `AutomationAssumeRole`.
const SSM: &str = "ssm.amazonaws.com";

/// The actions of documents; a role may be passed only to the services that they give one to.
fn policy(remedies: &[&Remedy], via: Option<Via>) -> Value {
    let mut actions = BTreeSet::new();
    let mut services = BTreeSet::new();
    for remedy in remedies {
        let safety = &remedy.safety;
        actions.extend(safety.actions.iter().filter(|action| *action != PASS_ROLE));
        services.extend(safety.passes_role_to.iter().map(String::as_str));
    }
    if via == Some(Via::Ssm) {
        services.insert(SSM);
    }
    let mut statements = vec![json!({
        "Sid": "PostureRemediation",
        "Effect": "Allow",
        "Action": actions,
        "Resource": "*",
    })];
    if via == Some(Via::Ssm) {
        statements.push(json!({
            "Sid": "PostureRemediationInSsm",
            "Effect": "Allow",
            "Action": SSM_ACTIONS,
            "Resource": "*",
        }));
        // Names that begin as AWS's own can't be created.
        let own = remedies.iter().filter(|remedy| remedy.is_ours_to_create());
        let documents: Vec<String> = own
            .map(|remedy| format!("arn:*:ssm:*:*:document/{}", remedy.name))
            .collect();
        if !documents.is_empty() {
            statements.push(json!({
                "Sid": "PostureRemediationDocuments",
                "Effect": "Allow",
                "Action": SSM_CREATE_DOCUMENT,
                "Resource": documents,
            }));
        }
    }
    if !services.is_empty() {
        statements.push(json!({
            "Sid": "PostureRemediationRoles",
            "Effect": "Allow",
            "Action": PASS_ROLE,
            "Resource": "arn:*:iam::*:role/*",
            "Condition": { "StringEquals": { "iam:PassedToService": services } },
        }));
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}

impl From<RemediationError> for CommandError {
    fn from(error: RemediationError) -> CommandError {
        CommandError::Remediation(Box::new(error))
    }
}
