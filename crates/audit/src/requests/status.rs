//! The state of each request.

use jiff::Timestamp;
use jiff::civil::Date;
use posture_content::frameworks::Framework;
use posture_content::requests::{self, Request, RequestKind};
use serde::Serialize;

use super::sources::{Source, Sources};
use crate::assessment::{Asked, Assessment, RequestRecord, Uploaded};
use crate::control_history::Evidence;
use crate::period::day;

/// Whether what is asked for is there. Later ones outweigh earlier ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestState {
    /// It is there, and of the period.
    Ready,
    /// A person has to add something.
    ManualNeeded,
    /// It is there, and too old or for a part of the period only.
    Stale,
    /// It is not there, or could not be read.
    Missing,
}

impl RequestState {
    /// The word for outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            RequestState::Ready => "ready",
            RequestState::ManualNeeded => "manual-needed",
            RequestState::Stale => "stale",
            RequestState::Missing => "missing",
        }
    }
}

/// A request, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestStatus {
    /// Its id.
    pub id: String,
    /// What is asked.
    pub title: String,
    /// Whether it is of the embedded list; else of the auditor's own.
    pub is_builtin: bool,
    /// What kind of thing; none in an auditor's own list.
    pub kind: Option<RequestKind>,
    /// The controls of the assessment's framework that it is about.
    pub controls: Vec<String>,
    /// Who answers it.
    pub owner: String,
    /// Until when.
    pub due: Option<Date>,
    /// Whether that day is over and it is not ready.
    pub is_overdue: bool,
    /// How it stands: as the worst of what answers it.
    pub state: RequestState,
    /// Why people are needed, where they are.
    pub because: Option<String>,
    /// What answers it.
    pub sources: Vec<Source>,
    /// What to do, in words; empty where it is ready.
    pub to_do: Vec<String>,
    /// What an auditor has to know of how it was collected.
    pub flags: Vec<String>,
    /// Files that were added to it.
    pub uploads: Vec<Uploaded>,
}

/// Every request, those of the embedded list first, and how each stands by a time.
pub fn request_statuses(
    framework: &Framework,
    assessment: &Assessment,
    evidence: &Evidence,
    now: Timestamp,
) -> Vec<RequestStatus> {
    let sources = Sources::new(framework, assessment, evidence, now);
    let none = RequestRecord::default();
    let mut all: Vec<RequestStatus> = requests::embedded()
        .unwrap_or_default()
        .iter()
        .map(|request| {
            let record = assessment.requests.get(&request.id).unwrap_or(&none);
            builtin(request, record, &sources, assessment)
        })
        .collect();
    for (id, record) in &assessment.requests {
        if let Some(asked) = &record.asked {
            all.push(own(id, asked, record, &sources, assessment));
        }
    }
    for one in &mut all {
        let is_late = one.due.is_some_and(|due| due < day(now));
        one.is_overdue = is_late && one.state != RequestState::Ready;
    }
    all
}

fn builtin(
    request: &Request,
    record: &RequestRecord,
    sources: &Sources<'_>,
    assessment: &Assessment,
) -> RequestStatus {
    let found = sources.of_request(request, &record.uploads);
    let mut flags = Vec::new();
    let is_of_events = !request.cloudtrail.is_empty();
    if is_of_events && request.kind == RequestKind::Population && sources.is_open() {
        flags.push(format!(
            "drawn before the period ends: draw the events again after {}",
            assessment.scope.period.until
        ));
    }
    let controls = request.controls_of(&assessment.scope.framework).to_vec();
    let mut status = status(&request.id, &request.title, record, found, assessment);
    status.is_builtin = true;
    status.kind = Some(request.kind);
    status.controls = controls;
    status.because.clone_from(&request.because);
    status.flags = flags;
    status
}

fn own(
    id: &str,
    asked: &Asked,
    record: &RequestRecord,
    sources: &Sources<'_>,
    assessment: &Assessment,
) -> RequestStatus {
    let found = sources.of_asked(asked, &record.uploads);
    let mut status = status(id, &asked.text, record, found, assessment);
    status.controls.clone_from(&asked.controls);
    status
}

fn status(
    id: &str,
    title: &str,
    record: &RequestRecord,
    sources: Vec<Source>,
    assessment: &Assessment,
) -> RequestStatus {
    let worst = sources.iter().map(|source| source.state).max();
    let mut to_do: Vec<String> = Vec::new();
    for source in &sources {
        if let Some(what) = source.to_do.clone().filter(|what| !to_do.contains(what)) {
            to_do.push(what);
        }
    }
    RequestStatus {
        id: id.to_owned(),
        title: title.to_owned(),
        is_builtin: false,
        kind: None,
        controls: Vec::new(),
        owner: record
            .owner
            .clone()
            .unwrap_or_else(|| assessment.owner.clone()),
        due: record.due,
        is_overdue: false,
        state: worst.unwrap_or(RequestState::Missing),
        because: None,
        sources,
        to_do,
        flags: Vec::new(),
        uploads: record.uploads.clone(),
    }
}
