//! `posture iam-policy delivery`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use posture_notify::{Grant, TargetConfig};
use serde_json::{Value, json};

use super::super::CommandError;
use super::print;
use crate::config::Config;
use crate::exit::Outcome;

/// The policy of a role that sends events to the targets of posture.yaml: their calls, on what they name, and the
/// secrets of AWS Secrets Manager that they refer to.
#[derive(Debug, clap::Args)]
pub(crate) struct DeliveryPolicy {
    /// The configuration. Default: posture.yaml here, where there is one.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Write there instead of to the standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl DeliveryPolicy {
    pub(crate) fn run(self) -> Result<Outcome, CommandError> {
        let config = Config::load(self.config.as_deref())?;
        // What is wrong is told as `events rules validate` tells it.
        config.routes()?;
        let targets = config.events.targets.iter();
        let grants: Vec<Grant> = targets.flat_map(TargetConfig::grants).collect();
        if grants.is_empty() {
            return Err(CommandError::NoDelivery);
        }
        print(policy(&grants), self.output.as_deref())
    }
}

/// A statement for each action, sorted.
fn policy(grants: &[Grant]) -> Value {
    let mut actions: BTreeMap<(&str, Option<&str>), BTreeSet<&String>> = BTreeMap::new();
    for grant in grants {
        let of_action = actions.entry((&grant.action, grant.passed_to)).or_default();
        of_action.extend(&grant.resources);
    }
    let statements = actions.iter().map(|((action, passed_to), resources)| {
        let (_, name) = action.split_once(':').unwrap_or(("", action));
        let mut statement = json!({
            "Sid": format!("PostureDelivery{name}"),
            "Effect": "Allow",
            "Action": action,
            "Resource": resources,
        });
        if let (Some(service), Value::Object(members)) = (passed_to, &mut statement) {
            let condition = json!({ "StringEquals": { "iam:PassedToService": service } });
            members.insert("Condition".to_owned(), condition);
        }
        statement
    });
    json!({ "Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>() })
}
