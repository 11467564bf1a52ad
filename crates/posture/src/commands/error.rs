//! Why a command could not run.

use posture_content::template::Problem;
use posture_rules::catalogue;

use crate::output::terminal::plain;

/// Why a command could not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(
        "no pack is named {name:?}; `posture packs list` names them{}",
        hint(nearest.as_deref())
    )]
    UnknownPack {
        name: String,
        nearest: Option<String>,
    },
    #[error(
        "no rule is named {name:?}; `posture rules list` names them{}",
        hint(nearest.as_deref())
    )]
    UnknownRule {
        name: String,
        nearest: Option<String>,
    },
    #[error(
        "no framework is named {name:?}; `posture frameworks list` names them{}",
        hint(nearest.as_deref())
    )]
    UnknownFramework {
        name: String,
        nearest: Option<String>,
    },
    #[error("{path} has the name {name:?} of a built-in framework; give it another")]
    FrameworkName { path: String, name: String },
    #[error("{standard} has several versions: {versions}")]
    FrameworkVersion { standard: String, versions: String },
    #[error("{framework} has no control {id:?}{}", hint(nearest.as_deref()))]
    UnknownControl {
        framework: String,
        id: String,
        nearest: Option<String>,
    },
    #[error("{framework} has no group {group:?}{}", hint(nearest.as_deref()))]
    UnknownGroup {
        framework: String,
        group: String,
        nearest: Option<String>,
    },
    #[error("{path} was not imported")]
    Import {
        path: String,
        #[source]
        cause: Box<posture_content::frameworks::ImportError>,
    },
    #[error("{path} cannot be a framework of ours: {}", problems.join("; "))]
    Unwritable { path: String, problems: Vec<String> },
    #[error("the file has {count} frameworks; give a folder with --output")]
    SeveralFrameworks { count: usize },
    #[error("{}", template_lines(path, problems))]
    Template {
        path: String,
        problems: Vec<Problem>,
    },
    #[error("{place}:{error}")]
    Pattern {
        place: String,
        error: posture_router::PatternError,
    },
    #[error("{place} is no event: {problem}")]
    Event { place: String, problem: String },
    #[error("{path} could not be read")]
    Read {
        path: String,
        #[source]
        cause: std::io::Error,
    },
    #[error(
        "no pack that runs has the parameter {name:?}{}",
        hint(nearest.as_deref())
    )]
    UnknownParam {
        name: String,
        nearest: Option<String>,
    },
    #[error("{path} is there already; it was left as it is")]
    Exists { path: String },
    #[error("nothing in the input is {resource:?}, by id, name or ARN")]
    UnknownResource { resource: String },
    #[error("{path}:{place}{message}")]
    Mutelist {
        path: String,
        place: String,
        message: String,
    },
    #[error("--param is {text:?}, expected NAME=VALUE")]
    Param { text: String },
    #[error("the template could not be written as YAML: {0}")]
    Yaml(String),
    #[error("{pattern} is no glob")]
    Glob {
        pattern: String,
        #[source]
        cause: globset::Error,
    },
    #[error("{pattern} matches no file")]
    NoMatch { pattern: String },
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    #[error("{}", lines(.0))]
    Exceptions(Vec<posture_engine::ExceptionError>),
    #[error("{}", lines(.0))]
    Routes(Vec<posture_notify::RouteError>),
    #[error(
        "no target under events in posture.yaml is a service of AWS or has a secret in Secrets Manager: no permission is needed"
    )]
    NoDelivery,
    #[error(transparent)]
    Notify(#[from] posture_notify::NotifyError),
    #[error("posture.yaml has no rules under events, so nothing is sent; every event stays")]
    NoEventRules,
    #[error("there is no dead letter {number}; `posture events dead-letters list` shows them")]
    NoDeadLetter { number: i64 },
    #[error(transparent)]
    Scan(#[from] posture_engine::ScanError),
    #[error(
        "--as-of is {text:?}, expected a date such as 2026-03-03 or a time such as 2026-03-03T12:00:00Z"
    )]
    AsOf { text: String },
    #[error("{path} could not be listed")]
    List {
        path: String,
        #[source]
        cause: std::io::Error,
    },
    #[error(transparent)]
    Ledger(#[from] posture_ledger::LedgerError),
    #[error(transparent)]
    Verify(#[from] posture_verify::VerifyError),
    #[error("--params is not a JSON object")]
    Params(#[source] serde_json::Error),
    #[error(transparent)]
    Aws(#[from] posture_aws::CallError),
    #[error("{}", plain_lines(&.0.to_string()))]
    Remediation(Box<posture_remediation::RemediationError>),
    #[error(
        "no document fixes what {rule} finds; its page says what to do: posture rules show {rule}"
    )]
    NoRemedy { rule: String },
    #[error("finding {finding} is of {wanted}, and the credentials are for {found}")]
    FindingElsewhere {
        finding: String,
        wanted: String,
        found: String,
    },
    #[error(
        "finding {finding} is of no control or rule that is known here; say --document and --resource"
    )]
    FindingWithoutRule { finding: String },
    #[error(transparent)]
    Store(#[from] posture_store::StoreError),
    #[error(transparent)]
    Recorder(#[from] posture_recorder::RecordError),
    #[error(transparent)]
    Bucket(#[from] posture_recorder::BucketError),
    #[error(transparent)]
    Source(#[from] posture_recorder::SourceError),
    #[error(transparent)]
    Fetch(#[from] posture_recorder::FetchError),
    #[error("{name} is somebody else's work now: its lease was lost")]
    LeaseLost { name: String },
    #[error("there is no part {number}: the policy is {count} documents")]
    Part { number: usize, count: usize },
    #[error("no resource with the ARN, id or name {name:?} is recorded in {state}")]
    NotRecorded { name: String, state: String },
    #[error(
        "{name:?} names more than one resource; say --type, --account or --region, or use the ARN:\n{candidates}"
    )]
    AmbiguousResource { name: String, candidates: String },
    #[error(transparent)]
    Audit(#[from] posture_audit::AuditError),
    #[error(transparent)]
    Trail(#[from] posture_audit::trail::TrailError),
    #[error(transparent)]
    Hub(#[from] posture_hub::HubError),
    #[error("no finding has the number or id {name:?}")]
    UnknownFinding { name: String },
    #[error(
        "which findings? Name them, or narrow with --where, --filters, --account, --region or --control"
    )]
    NoFindings,
    #[error("--filters is no JSON")]
    Filters(#[source] serde_json::Error),
    #[error("Security Hub sent what is no finding: {0}")]
    Pulled(String),
    #[error("{path}:{place}{message}")]
    AutomationRules {
        path: String,
        place: String,
        message: String,
    },
    #[error("--state is needed: neither XDG_STATE_HOME nor HOME is set")]
    NoHome,
    #[error(
        "{place}: there is no state; `posture scan --aws` or `posture record` makes one, and --state says where it is"
    )]
    NoState { place: String },
    #[error("--group-by control needs --framework: it says which controls there are")]
    GroupNeedsFramework,
    #[error("{option} narrows verdicts only: it is of no use with --kind")]
    VerdictsOnly { option: &'static str },
    #[error("{text:?} is no run; expected its number, such as 4711 or run-4711")]
    RunNumber { text: String },
    #[error("--since is {since}, which is not before {at}")]
    Since {
        since: jiff::Timestamp,
        at: jiff::Timestamp,
    },
    #[error("{path} is no file of up to 4 GiB")]
    Upload { path: String },
    #[error("{path} is no file of up to 16 MiB")]
    RequestFile { path: String },
    #[error("a file holds from {from} until {until}, which is before that")]
    Effective {
        from: jiff::civil::Date,
        until: jiff::civil::Date,
    },
    #[error(
        "this needs an evidence log, and there is none: make its key with `posture keys new NAME --file DIR.key`, where DIR is the state's folder, or name both in posture.yaml under evidence"
    )]
    NoEvidenceLog,
    #[error(
        "no timestamp authority is named: name its URL in posture.yaml under evidence.timestamp.url"
    )]
    NoAuthority,
    #[error(transparent)]
    NoTimestamp(#[from] super::evidence::timestamp::NoTimestamp),
    #[error("{text:?} is no place of a log, expected a folder, s3://BUCKET or s3://BUCKET/PREFIX")]
    LogPlace { text: String },
    #[error(
        "no retention is set: name types and times in posture.yaml under evidence.retain, as in `upload: 7y`"
    )]
    NoRetention,
    #[error("no hold {number} is in force; `posture evidence hold list` names those that are")]
    NoHold { number: u64 },
    #[error(
        "what is held is in the log, but S3's legal hold could not be brought to that; `posture evidence hold apply` tries again"
    )]
    LegalHold {
        #[source]
        cause: Box<posture_audit::AuditError>,
    },
    #[error("{place} could not be opened")]
    EvidenceBucket {
        place: String,
        #[source]
        cause: std::io::Error,
    },
    #[error(
        "this build makes no PDF; one that was built with `--features pdf` does, as the shipped one"
    )]
    NoPdf,
    #[cfg(feature = "pdf")]
    #[error("the summary could not be typeset: {0}")]
    Typesetter(String),
    #[error("no rule {rule:?} was evaluated on a resource in the period")]
    NoPopulation { rule: String },
    #[error("the demo makes its state in a folder; {state} is none")]
    DemoState { state: String },
    #[error("the output could not be written")]
    Output(#[from] std::io::Error),
    #[error("an embedded pack is broken")]
    Pack(#[source] serde_json::Error),
}

impl From<serde_json::Error> for CommandError {
    fn from(error: serde_json::Error) -> CommandError {
        if error.is_io() {
            return CommandError::Output(error.into());
        }
        CommandError::Pack(error)
    }
}

/// What AWS or a document says, as a terminal may show it; its lines stay lines.
fn plain_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(plain).collect();
    lines.join("\n")
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or(String::new(), |name| format!(" (nearest: {name})"))
}

fn template_lines(path: &str, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("{path}:{problem}"))
        .collect();
    lines.join("\nerror: ")
}

fn lines(errors: &[impl ToString]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\nerror: ")
}

impl From<Vec<posture_engine::ExceptionError>> for CommandError {
    fn from(errors: Vec<posture_engine::ExceptionError>) -> CommandError {
        CommandError::Exceptions(errors)
    }
}

impl CommandError {
    /// That no rule has this name, and which has one like it.
    pub(crate) fn unknown_rule(name: &str) -> CommandError {
        let names = catalogue::listings()
            .iter()
            .map(|listing| listing.name.as_str());
        CommandError::UnknownRule {
            name: name.to_owned(),
            nearest: nearest(names, name),
        }
    }
}

pub(crate) fn nearest<'n>(known: impl Iterator<Item = &'n str>, name: &str) -> Option<String> {
    known
        .map(|known| (strsim::levenshtein(known, name), known))
        .min()
        .map(|(_, known)| known.to_owned())
}
