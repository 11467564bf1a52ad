//! An event in words: what a person gets of it, before any destination's escaping.

use posture_router::Event;
use serde_json::{Map, Value};

use crate::event::{
    COMPLIANCE, CONTROL, GROUP, IMPORTED, INCIDENT_CLOSED, INCIDENT_OPENED, OVERDUE, REMEDIATION,
    finding,
};

/// How bad it is, as ASFF says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Informational,
    Low,
    Medium,
    High,
    Critical,
}

impl Level {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Level::Informational => "INFORMATIONAL",
            Level::Low => "LOW",
            Level::Medium => "MEDIUM",
            Level::High => "HIGH",
            Level::Critical => "CRITICAL",
        }
    }

    fn from_label(label: &str) -> Level {
        match label {
            "LOW" => Level::Low,
            "MEDIUM" => Level::Medium,
            "HIGH" => Level::High,
            "CRITICAL" => Level::Critical,
            _ => Level::Informational,
        }
    }
}

/// What a ticket or an alert makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// There is something to do.
    Open,
    /// That is over.
    Closed,
    /// It is only told.
    Told,
}

/// An event in words. All texts are as they came: may hold any character.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Notice {
    pub(crate) title: String,
    /// Names and values, the most important first.
    pub(crate) facts: Vec<(&'static str, String)>,
    pub(crate) level: Level,
    pub(crate) standing: Standing,
    /// The plan that waits for somebody's word.
    pub(crate) plan: Option<String>,
}

/// A detail's texts.
struct Detail<'d>(&'d Map<String, Value>);

impl<'d> Detail<'d> {
    fn text(&self, name: &str) -> &'d str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn shown(&self, name: &str) -> String {
        match self.0.get(name) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        }
    }
}

impl Notice {
    /// The plan of this notice waits no more: it ran by itself, or somebody was faster.
    pub(crate) fn waits_no_more(&mut self) {
        self.plan = None;
        self.level = Level::Informational;
        self.standing = Standing::Told;
        if let Some(rest) = self.title.strip_prefix(WAITS) {
            self.title = format!("A fix was planned{rest}");
        }
    }

    pub(crate) fn of(event: &Event) -> Notice {
        let detail = Detail(&event.detail);
        let mut notice = match event.detail_type.as_str() {
            IMPORTED => of_finding(finding(&event.detail).unwrap_or(&Value::Null)),
            COMPLIANCE => of_verdict(&detail),
            REMEDIATION => of_plan(&detail),
            CONTROL => of_control(&detail),
            INCIDENT_OPENED | INCIDENT_CLOSED => of_score(event, &detail),
            OVERDUE => of_overdue(&detail),
            GROUP => of_group(&detail),
            other => Notice {
                title: other.to_owned(),
                facts: Vec::new(),
                level: Level::Informational,
                standing: Standing::Told,
                plan: None,
            },
        };
        notice.facts.retain(|(_, value)| !value.is_empty());
        notice
    }

    /// The title and the facts as lines of plain text.
    pub(crate) fn lines(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.facts {
            text.extend([*name, ": ", &one_line(value), "\n"]);
        }
        text
    }
}

/// A text without what would break a line: control characters and the marks that turn its direction.
pub(crate) fn one_line(text: &str) -> String {
    let is_odd = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.replace(is_odd, " ")
}

/// At most so many characters; what is cut ends in `…`.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}

fn of_finding(finding: &Value) -> Notice {
    let text = |pointer: &str| {
        let found = finding.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_default().to_owned()
    };
    let compliance = text("/Compliance/Status");
    let workflow = text("/Workflow/Status");
    let is_closed = compliance == "PASSED"
        || text("/RecordState") == "ARCHIVED"
        || matches!(workflow.as_str(), "RESOLVED" | "SUPPRESSED");
    Notice {
        title: text("/Title"),
        level: Level::from_label(&text("/Severity/Label")),
        facts: vec![
            ("Severity", text("/Severity/Label")),
            ("Status", compliance),
            ("Workflow", workflow),
            ("Record state", text("/RecordState")),
            ("Control", text("/Compliance/SecurityControlId")),
            ("Resource", text("/Resources/0/Id")),
            ("Account", text("/AwsAccountId")),
            ("Region", text("/Region")),
            ("Description", text("/Description")),
            ("What to do", text("/Remediation/Recommendation/Text")),
            ("Finding", text("/Id")),
        ],
        standing: if is_closed {
            Standing::Closed
        } else {
            Standing::Open
        },
        plan: None,
    }
}

fn of_verdict(detail: &Detail<'_>) -> Notice {
    let result = |name: &str, part: &str| {
        let found = detail.0.get(name).and_then(|result| result.get(part));
        found.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let since = result("newEvaluationResult", "complianceType");
    let rule = detail.text("configRuleName");
    Notice {
        title: format!("{rule}: {} is {since}", detail.text("resourceId")),
        level: if since == "NON_COMPLIANT" {
            Level::Medium
        } else {
            Level::Informational
        },
        standing: match since.as_str() {
            "NON_COMPLIANT" => Standing::Open,
            "COMPLIANT" | "NOT_APPLICABLE" => Standing::Closed,
            _ => Standing::Told,
        },
        facts: vec![
            ("Rule", rule.to_owned()),
            ("Resource", detail.shown("resourceId")),
            ("Type", detail.shown("resourceType")),
            ("Account", detail.shown("awsAccountId")),
            ("Region", detail.shown("awsRegion")),
            ("Before", result("oldEvaluationResult", "complianceType")),
            ("Now", since),
            ("Why", result("newEvaluationResult", "annotation")),
        ],
        plan: None,
    }
}

/// What a notice of a new plan begins with.
const WAITS: &str = "A fix waits for approval";

fn of_plan(detail: &Detail<'_>) -> Notice {
    let state = detail.text("state");
    let outcome = detail.text("outcome");
    let what = match state {
        "Planned" => WAITS,
        "Waiting" => "A fix waits for an answer",
        "Approved" => "A fix was approved",
        "Denied" => "A fix was refused",
        "Stopped" => "All remediation was stopped",
        "Resumed" => "Remediation goes on",
        _ => "A fix ended",
    };
    let title = match (detail.text("documentName"), outcome) {
        ("", _) => what.to_owned(),
        (document, "") => format!("{what}: {document} on {}", detail.text("resourceId")),
        (document, outcome) => format!(
            "{what}, {outcome}: {document} on {}",
            detail.text("resourceId")
        ),
    };
    let waits = matches!(state, "Planned" | "Waiting");
    Notice {
        title,
        level: match (state, outcome) {
            (_, "Unknown") => Level::Critical,
            ("Stopped", _) | (_, "RolledBack" | "Untouched") => Level::High,
            _ if waits => Level::Medium,
            _ => Level::Informational,
        },
        standing: match (state, outcome) {
            // Somebody has to look.
            ("Finished", "Unknown") | ("Planned" | "Waiting", _) => Standing::Open,
            ("Finished" | "Denied", _) => Standing::Closed,
            _ => Standing::Told,
        },
        facts: vec![
            ("Plan", detail.shown("planId")),
            ("Document", detail.shown("documentName")),
            ("Resource", detail.shown("resourceId")),
            ("Account", detail.shown("awsAccountId")),
            ("By", detail.shown("by")),
            ("Change there", detail.shown("codeChange")),
            ("Outcome", outcome.to_owned()),
            ("Reason", detail.shown("reason")),
        ],
        plan: waits.then(|| detail.shown("planId")),
    }
}

fn of_overdue(detail: &Detail<'_>) -> Notice {
    let (title, to) = (detail.text("title"), detail.shown("to"));
    let what = match detail.text("stage") {
        "DUE_SOON" => "Due soon".to_owned(),
        "OVERDUE" => "Overdue".to_owned(),
        _ => format!("Overdue, escalated to {to}"),
    };
    Notice {
        title: format!("{what}: {title}"),
        level: Level::from_label(detail.text("severity")),
        standing: Standing::Told,
        facts: vec![
            ("For", to),
            ("Owner", detail.shown("owner")),
            ("Due", detail.shown("dueAt")),
            ("Severity", detail.shown("severity")),
            ("Control", detail.shown("securityControlId")),
            ("Resource", detail.shown("resourceId")),
            ("Account", detail.shown("awsAccountId")),
            ("Region", detail.shown("awsRegion")),
            ("Finding", detail.shown("finding")),
        ],
        plan: None,
    }
}

fn of_control(detail: &Detail<'_>) -> Notice {
    let (status, before) = (detail.text("status"), detail.text("previousStatus"));
    let control = detail.text("securityControlId");
    Notice {
        title: format!("{control} is {status}, was {before}"),
        level: if status == "Failed" {
            Level::from_label(detail.text("severity"))
        } else {
            Level::Informational
        },
        standing: match status {
            "Failed" => Standing::Open,
            "Unknown" => Standing::Told,
            _ => Standing::Closed,
        },
        facts: vec![
            ("Control", control.to_owned()),
            ("Severity", detail.shown("severity")),
            ("Status", status.to_owned()),
            ("Before", before.to_owned()),
        ],
        plan: None,
    }
}

fn of_score(event: &Event, detail: &Detail<'_>) -> Notice {
    let is_open = event.detail_type == INCIDENT_OPENED;
    let standard = match detail.text("standard") {
        "" => "all controls",
        standard => standard,
    };
    let word = if is_open { "fell to" } else { "is back at" };
    let account = match detail.text("awsAccountId") {
        "" => "all",
        account => account,
    };
    Notice {
        title: format!("The score of {standard} {word} {} %", detail.shown("score")),
        level: match (is_open, detail.text("level")) {
            (true, "incident") => Level::High,
            (true, _) => Level::Medium,
            _ => Level::Informational,
        },
        standing: if is_open {
            Standing::Open
        } else {
            Standing::Closed
        },
        facts: vec![
            ("Standard", standard.to_owned()),
            ("Account", account.to_owned()),
            ("Level", detail.shown("level")),
            ("Score", detail.shown("score")),
            ("Threshold", detail.shown("threshold")),
        ],
        plan: None,
    }
}

fn of_group(detail: &Detail<'_>) -> Notice {
    let counts = |name: &str| {
        let counts = detail.0.get(name).and_then(Value::as_object);
        let parts = counts.into_iter().flatten();
        let parts: Vec<String> = parts
            .map(|(name, count)| format!("{name}: {count}"))
            .collect();
        parts.join(", ")
    };
    let examples = detail.0.get("examples").and_then(Value::as_array);
    let examples = examples.into_iter().flatten().filter_map(Value::as_str);
    let is_open = detail.0.get("open").and_then(Value::as_i64) > Some(0);
    Notice {
        title: format!("{} changes at once", detail.shown("count")),
        level: Level::from_label(detail.text("level")),
        standing: if is_open {
            Standing::Open
        } else {
            Standing::Told
        },
        facts: vec![
            ("Changes", detail.shown("count")),
            ("Still open", detail.shown("open")),
            ("By severity", counts("bySeverity")),
            ("By kind", counts("byDetailType")),
            ("Since", detail.shown("from")),
            ("Until", detail.shown("until")),
            ("Among them", examples.collect::<Vec<_>>().join("; ")),
        ],
        plan: None,
    }
}
