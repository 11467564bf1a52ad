//! Which document SSM runs: AWS's own of the name, or the very text that was planned.

use posture_aws::Authorisation;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::super::library::Remedy;
use super::super::plan::{Plan, hex};
use super::super::state::Record;
use super::super::{Remediation, Time, refused};
use super::parameters;
use crate::api::Api;
use crate::document::is_same_text;
use crate::error::RemediationError;
use crate::journal::{Entry, Journal};

/// The IAM actions that handing over needs, beside the document's own.
pub const SSM_ACTIONS: &[&str] = &[
    "ssm:DescribeAutomationStepExecutions",
    "ssm:DescribeDocument",
    "ssm:GetAutomationExecution",
    "ssm:GetDocument",
    "ssm:StartAutomationExecution",
    "ssm:StopAutomationExecution",
];

/// The one that creating a document needs.
pub const SSM_CREATE_DOCUMENT: &str = "ssm:CreateDocument";

/// Whose documents AWS's own are, in `DescribeDocument`.
const AMAZON: &str = "Amazon";

/// With these nobody else's documents begin, in any case (`CreateDocument`, `Name`).
const RESERVED: [&str; 3] = ["aws", "amazon", "amzn"];

/// How often, and how long, a new document is waited for.
const LOOKS: u32 = 15;
const LOOK_SECONDS: u32 = 2;

/// How a plan is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandOver {
    /// Whether the document may be created in the account where SSM has none of its name.
    pub may_create_document: bool,
    /// How long SSM is waited for, in seconds. It goes on without us, and `run` waits again.
    pub wait_seconds: u32,
}

impl Default for HandOver {
    fn default() -> HandOver {
        HandOver {
            may_create_document: false,
            wait_seconds: 900,
        }
    }
}

/// What is handed over.
#[derive(Debug, Clone)]
pub(in super::super) struct Handed {
    pub(super) document_name: String,
    pub(super) document_version: String,
    pub(super) owner: String,
    pub(super) client_token: String,
    pub(super) parameters: Value,
    pub(super) wait_seconds: u32,
    done: String,
}

/// A document that SSM knows.
struct Known {
    owner: String,
    version: String,
    status: String,
    parameters: Vec<String>,
}

impl Remedy {
    /// Whether an account can have a document of this name: those of AWS's begin with reserved words.
    pub fn is_ours_to_create(&self) -> bool {
        let name = self.name.to_ascii_lowercase();
        !RESERVED.iter().any(|prefix| name.starts_with(prefix))
    }
}

impl Handed {
    fn new(
        plan: &Plan,
        known: (String, String, String),
        via: HandOver,
    ) -> Result<Handed, Vec<String>> {
        let (document_name, document_version, owner) = known;
        let done = format!(
            "done by SSM with {document_name} version {document_version} of {owner}, and read again"
        );
        Ok(Handed {
            parameters: parameters::of_ssm(&plan.parameters)?,
            client_token: token(plan),
            wait_seconds: via.wait_seconds,
            document_name,
            document_version,
            owner,
            done,
        })
    }

    /// What is said of a run that succeeds.
    pub(in super::super) fn done(&self) -> &str {
        &self.done
    }

    pub(super) fn entry(&self) -> Entry {
        Entry::HandedOver {
            document_name: self.document_name.clone(),
            document_version: self.document_version.clone(),
            owner: self.owner.clone(),
            client_token: self.client_token.clone(),
        }
    }
}

impl<A: Api, J: Journal, T: Time> Remediation<A, J, T> {
    /// Runs a plan in SSM, or goes on waiting for it there: the same guards, the same reading before and after, the
    /// same record; but the document's steps are SSM's.
    ///
    /// # Errors
    /// As [`Remediation::run`], and where SSM has another document than was planned, or none.
    pub async fn run_via_ssm(
        &self,
        plan: &str,
        by: &str,
        population: Option<u64>,
        via: HandOver,
    ) -> Result<super::super::Report, RemediationError> {
        self.run_as(plan, by, population, Some(via)).await
    }

    /// What of a plan is, or was, handed over; nothing where we run it.
    pub(in super::super) async fn handed(
        &self,
        record: &Record,
        remedy: &Remedy,
        via: Option<HandOver>,
    ) -> Result<Option<Handed>, RemediationError> {
        let plan = &record.plan;
        let no = |reasons| RemediationError::Refused {
            plan: plan.plan_id.clone(),
            reasons,
        };
        let before = record.entries.iter().find_map(|past| match &past.entry {
            Entry::HandedOver {
                document_name,
                document_version,
                owner,
                ..
            } => Some((
                document_name.clone(),
                document_version.clone(),
                owner.clone(),
            )),
            _ => None,
        });
        if let Some(known) = before {
            let handed = Handed::new(plan, known, via.unwrap_or_default());
            return handed.map(Some).map_err(no);
        }
        let Some(via) = via else { return Ok(None) };
        if record.is_touched() {
            let reason = "its run began here, and goes on here: leave out --via ssm";
            return Err(refused(&plan.plan_id, reason.to_owned()));
        }
        let known = match self.known(plan, remedy).await? {
            Some(known) => known,
            None => self.created(plan, remedy, via).await?,
        };
        let strangers = strangers(plan, &known);
        if !strangers.is_empty() {
            return Err(no(strangers));
        }
        let known = (remedy.name.clone(), known.version, known.owner);
        Handed::new(plan, known, via).map(Some).map_err(no)
    }

    /// SSM's document of the name; nothing where there is none. One of the account has to be the text that was
    /// planned.
    async fn known(&self, plan: &Plan, remedy: &Remedy) -> Result<Option<Known>, RemediationError> {
        let input = json!({ "Name": remedy.name });
        let described = match self.api.read("ssm", "DescribeDocument", &input).await {
            Ok(described) => described,
            Err(error) if error.code.as_deref() == Some("InvalidDocument") => return Ok(None),
            Err(error) => return Err(unread(remedy, error)),
        };
        let text = |name: &str| {
            let value = described.pointer(&format!("/Document/{name}"));
            value.and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let parameters = described.pointer("/Document/Parameters");
        let parameters = parameters.and_then(Value::as_array).into_iter().flatten();
        let known = Known {
            owner: text("Owner"),
            version: text("DocumentVersion"),
            status: text("Status"),
            parameters: parameters
                .filter_map(|one| one.get("Name").and_then(Value::as_str))
                .map(str::to_owned)
                .collect(),
        };
        if known.owner == AMAZON {
            return Ok(Some(known));
        }
        let input = json!({ "Name": remedy.name, "DocumentVersion": known.version });
        let read = self.api.read("ssm", "GetDocument", &input).await;
        let read = read.map_err(|error| unread(remedy, error))?;
        let content = read.get("Content").and_then(Value::as_str);
        if is_same_text(content.unwrap_or_default(), &remedy.text) {
            return Ok(Some(known));
        }
        let (name, version, owner) = (&remedy.name, &known.version, &known.owner);
        let reason = format!(
            "{name} version {version} of {owner} in SSM is another text than was planned: make the planned one its default version there, or run without --via ssm"
        );
        Err(refused(&plan.plan_id, reason))
    }

    /// The planned text, created as a document of the account, where that is asked for.
    async fn created(
        &self,
        plan: &Plan,
        remedy: &Remedy,
        via: HandOver,
    ) -> Result<Known, RemediationError> {
        let name = &remedy.name;
        let no = |reason: String| Err(refused(&plan.plan_id, reason));
        if !remedy.is_ours_to_create() {
            return no(format!(
                "SSM has no {name} here, and names that begin so are AWS's own: run without --via ssm"
            ));
        }
        if let Some(other) = remedy.document.executes().first() {
            return no(format!(
                "{name} executes {other}, which is not handed over: run without --via ssm"
            ));
        }
        if !via.may_create_document {
            return no(format!(
                "SSM has no {name} here: --create-document creates it, as planned"
            ));
        }
        let actions = [SSM_CREATE_DOCUMENT.to_owned()].into();
        let authorisation = Authorisation::new(&plan.plan_id, actions);
        let input = json!({
            "Name": name, "Content": remedy.text, "DocumentType": "Automation", "DocumentFormat": "YAML",
        });
        let made = self
            .api
            .mutate(&authorisation, "ssm", "CreateDocument", &input);
        match made.await {
            Ok(_) => {}
            // Somebody was faster, or an answer got lost: what there is is looked at.
            Err(error) if error.may_have_happened => {}
            Err(error) if error.code.as_deref() == Some("DocumentAlreadyExists") => {}
            Err(error) => return no(format!("{name} could not be created: {}", error.message)),
        }
        for _ in 0..LOOKS {
            match self.known(plan, remedy).await? {
                Some(known) if known.status == "Active" => return Ok(known),
                Some(known) if known.status == "Failed" => break,
                _ => self.time.sleep(LOOK_SECONDS).await,
            }
        }
        no(format!(
            "{name} was created in SSM and is not active there: look at it"
        ))
    }
}

/// Parameters of the plan that SSM's document doesn't have: it is another one than was planned.
fn strangers(plan: &Plan, known: &Known) -> Vec<String> {
    let given = plan.parameters.iter();
    given
        .filter(|(name, value)| **value != json!("") && !known.parameters.contains(*name))
        .map(|(name, _)| {
            let (version, owner) = (&known.version, &known.owner);
            format!(
                "{} version {version} of {owner} in SSM has no parameter {name}",
                plan.document
            )
        })
        .collect()
}

fn unread(remedy: &Remedy, error: crate::api::ApiError) -> RemediationError {
    RemediationError::Unread {
        resource: format!("SSM's document {}", remedy.name),
        what: error.message,
        denied: error.denied,
    }
}

/// A UUID that follows from the plan: however often SSM is asked, it starts the plan once.
fn token(plan: &Plan) -> String {
    let about = format!("{} {} {}", plan.account_id, plan.aws_region, plan.plan_id);
    let digest = hex(&Sha256::digest(about));
    let part = |from: usize, to: usize| digest.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-8{}-8{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 15),
        part(15, 18),
        part(18, 30)
    )
}
