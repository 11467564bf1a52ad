//! Where events go: a file each.

mod email;
mod event_bridge;
mod github;
mod jira;
mod lambda;
mod pager_duty;
mod security_hub;
mod service_now;
mod slack;
mod sns;
mod sqs;
mod ssm;
mod step_functions;
pub(crate) mod tagging;
mod teams;
mod webhook;

pub use slack::{APPROVE as SLACK_APPROVE, DENY as SLACK_DENY};

use serde::{Deserialize, Serialize};

use crate::error::SendError;
use crate::outlet::{Message, Outlet};
use crate::references::References;
use crate::tickets;

/// What a target is.
#[derive(Debug, Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum TargetKind {
    /// A Slack channel.
    Slack(slack::Slack),
    /// A Microsoft Teams channel or chat.
    Teams(teams::Teams),
    /// Alerts of a PagerDuty service.
    PagerDuty(pager_duty::PagerDuty),
    /// Issues of a Jira project.
    Jira(jira::Jira),
    /// Incidents of ServiceNow.
    ServiceNow(service_now::ServiceNow),
    /// Issues of a GitHub repository.
    GitHub(github::GitHub),
    /// Mail.
    Email(email::Email),
    /// An HTTPS endpoint of your own.
    Webhook(webhook::Webhook),
    /// An SNS topic.
    Sns(sns::Sns),
    /// An SQS queue.
    Sqs(sqs::Sqs),
    /// An EventBridge event bus.
    EventBridge(event_bridge::EventBridge),
    /// A Lambda function.
    Lambda(lambda::Lambda),
    /// A Step Functions state machine.
    StepFunctions(step_functions::StepFunctions),
    /// An SSM Automation document, run by AWS.
    Ssm(ssm::Ssm),
    /// Tags on the resources of findings.
    Tagging(tagging::Tagging),
    /// The findings in Security Hub.
    SecurityHub(security_hub::SecurityHub),
}

impl TargetKind {
    /// What keeps it from being used.
    pub(crate) fn problems(&self) -> Vec<String> {
        match self {
            TargetKind::Slack(slack) => slack.problems(),
            TargetKind::Jira(jira) => jira.problems(),
            TargetKind::GitHub(github) => github.problems(),
            TargetKind::ServiceNow(service_now) => service_now.problems(),
            TargetKind::Email(email) => email.problems(),
            TargetKind::Tagging(tagging) => tagging.problems(),
            TargetKind::SecurityHub(security_hub) => security_hub.problems(),
            TargetKind::Webhook(webhook) => webhook.problems(),
            _ => Vec::new(),
        }
    }

    /// Its name in `posture.yaml`.
    pub fn as_str(&self) -> &'static str {
        match self {
            TargetKind::Slack(_) => "slack",
            TargetKind::Teams(_) => "teams",
            TargetKind::PagerDuty(_) => "pagerduty",
            TargetKind::Jira(_) => "jira",
            TargetKind::ServiceNow(_) => "servicenow",
            TargetKind::GitHub(_) => "github",
            TargetKind::Email(_) => "email",
            TargetKind::Webhook(_) => "webhook",
            TargetKind::Sns(_) => "sns",
            TargetKind::Sqs(_) => "sqs",
            TargetKind::EventBridge(_) => "eventbridge",
            TargetKind::Lambda(_) => "lambda",
            TargetKind::StepFunctions(_) => "stepfunctions",
            TargetKind::Ssm(_) => "ssm",
            TargetKind::Tagging(_) => "tagging",
            TargetKind::SecurityHub(_) => "securityhub",
        }
    }

    /// Whether a storm of messages would be a storm for somebody.
    pub(crate) fn is_read_by_people(&self) -> bool {
        matches!(
            self,
            TargetKind::Slack(_)
                | TargetKind::Teams(_)
                | TargetKind::PagerDuty(_)
                | TargetKind::Jira(_)
                | TargetKind::ServiceNow(_)
                | TargetKind::GitHub(_)
                | TargetKind::Email(_)
        )
    }

    pub(crate) async fn send(
        &self,
        outlet: &Outlet,
        references: &References<'_>,
        message: &Message,
    ) -> Result<(), SendError> {
        match self {
            TargetKind::Slack(slack) => slack.send(outlet, message).await,
            TargetKind::Teams(teams) => teams.send(outlet, message).await,
            TargetKind::PagerDuty(pager_duty) => {
                let alerts = pager_duty.alerts(outlet).await?;
                tickets::deliver(&alerts, references, message).await
            }
            TargetKind::Jira(jira) => {
                let issues = jira.issues(outlet).await?;
                tickets::deliver(&issues, references, message).await
            }
            TargetKind::ServiceNow(service_now) => {
                let incidents = service_now.incidents(outlet).await?;
                tickets::deliver(&incidents, references, message).await
            }
            TargetKind::GitHub(github) => {
                let issues = github.issues(outlet).await?;
                tickets::deliver(&issues, references, message).await
            }
            TargetKind::Email(email) => email.send(outlet, message).await,
            TargetKind::Webhook(webhook) => webhook.send(outlet, message).await,
            TargetKind::Sns(sns) => sns.send(outlet, message).await,
            TargetKind::Sqs(sqs) => sqs.send(outlet, message).await,
            TargetKind::EventBridge(bus) => bus.send(outlet, message).await,
            TargetKind::Lambda(lambda) => lambda.send(outlet, message).await,
            TargetKind::StepFunctions(machine) => machine.send(outlet, message).await,
            TargetKind::Ssm(ssm) => ssm.send(outlet, message).await,
            TargetKind::Tagging(tagging) => tagging.send(outlet, message).await,
            TargetKind::SecurityHub(hub) => hub.send(outlet, message).await,
        }
    }
}

/// That a text is no URL of HTTP, where it is none.
fn no_url(text: &str) -> Option<String> {
    let is_url = text.starts_with("https://") || text.starts_with("http://");
    (!is_url).then(|| format!("url is {text:?}, expected https://…"))
}
