//! The nouns.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::frameworks::Coverage;

/// Something that an auditor asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Its id, which never changes.
    pub id: String,
    /// What is asked for, in one line.
    pub title: String,
    /// What kind of thing it is.
    pub kind: RequestKind,
    /// How far what is named below answers it.
    pub coverage: Coverage,
    /// Why no further; there for all but full coverage.
    pub because: Option<String>,
    /// AWS Config rules whose verdicts answer it, sorted.
    pub rules: Vec<String>,
    /// Resource types whose recorded configurations answer it, sorted.
    pub types: Vec<String>,
    /// API calls whose replies answer it, in Audit Manager's spelling: `iam_ListUsers`.
    pub api_calls: Vec<String>,
    /// CloudTrail events that answer it.
    pub cloudtrail: Vec<String>,
    /// What Posture keeps of itself.
    pub records: Vec<OwnRecords>,
    /// What a person adds.
    pub evidence: Vec<String>,
    /// Ids of controls that it serves, by the framework's name.
    pub controls: BTreeMap<String, Vec<String>>,
}

/// What kind of thing is asked for: each has its own time of collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    /// Every one of something. That of events is whole only after the period.
    Population,
    /// How something is set up, as captured in the period.
    Configuration,
    /// What somebody wrote.
    Document,
}

impl RequestKind {
    /// All of them.
    pub const ALL: [RequestKind; 3] = [
        RequestKind::Population,
        RequestKind::Configuration,
        RequestKind::Document,
    ];

    /// As the file spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            RequestKind::Population => "population",
            RequestKind::Configuration => "configuration",
            RequestKind::Document => "document",
        }
    }
}

/// What Posture keeps of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OwnRecords {
    /// What was read, and what could not be.
    Coverage,
    /// Exceptions that were in force, run by run.
    Exceptions,
    /// Findings, with their beginning and end.
    Findings,
    /// Every recorded resource.
    Inventory,
}

impl OwnRecords {
    /// All of them.
    pub const ALL: [OwnRecords; 4] = [
        OwnRecords::Coverage,
        OwnRecords::Exceptions,
        OwnRecords::Findings,
        OwnRecords::Inventory,
    ];

    /// As the file spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            OwnRecords::Coverage => "coverage",
            OwnRecords::Exceptions => "exceptions",
            OwnRecords::Findings => "findings",
            OwnRecords::Inventory => "inventory",
        }
    }
}

impl Request {
    /// Whether something answers it, a part of it at least, without a person.
    pub fn is_automatic(&self) -> bool {
        !(self.rules.is_empty()
            && self.types.is_empty()
            && self.api_calls.is_empty()
            && self.cloudtrail.is_empty()
            && self.records.is_empty())
    }

    /// The controls of a framework that it serves.
    pub fn controls_of(&self, framework: &str) -> &[String] {
        self.controls.get(framework).map_or(&[], Vec::as_slice)
    }
}
