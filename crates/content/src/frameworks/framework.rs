//! The nouns.

use serde::Serialize;

use super::mapping::RuleMapping;

/// A framework of one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Framework {
    /// The name that the command line and assessments use, such as `cis-aws-v5.0`.
    pub name: String,
    /// What it is a version of, such as `cis-aws`.
    pub standard: String,
    /// Its publisher's version.
    pub version: String,
    /// What reports call it.
    pub title: String,
    /// Where the control ids come from, and whose words the titles are.
    pub source: String,
    /// Named selections of its controls: baselines, levels, categories.
    pub groups: Vec<Group>,
    /// Its control sets, in its own order.
    pub sets: Vec<ControlSet>,
    /// Its controls, in its own order.
    pub controls: Vec<Control>,
}

/// A named selection of controls, such as a NIST baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// Its id.
    pub id: String,
    /// What reports call it.
    pub title: String,
}

/// Audit Manager's control set: what is assigned and reviewed together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ControlSet {
    /// Its id.
    pub id: String,
    /// What reports call it.
    pub title: String,
}

/// A control, and what shows that it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Control {
    /// The framework's own id, in its own spelling.
    pub id: String,
    /// The id of its control set.
    pub set: String,
    /// The control that this one enhances or details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Short.
    pub title: String,
    /// What it asks, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guidance: Option<String>,
    /// How it is tested, where more is to be said than [`super::testing_procedure`] derives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub testing: Option<String>,
    /// The groups that it belongs to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// How far the sources below show that it holds.
    pub coverage: Coverage,
    /// Why no further; there for all but full coverage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// AWS Config rules that serve it, sorted by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleMapping>,
    /// Security Hub controls whose findings serve it, such as `IAM.6`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub security_hub: Vec<String>,
    /// API calls whose answers are evidence, in Audit Manager's spelling: `iam_ListUsers`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub api_calls: Vec<String>,
    /// CloudTrail events that are evidence of its operation, such as `CreateUser`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cloudtrail: Vec<String>,
    /// What a person adds. Without it, a control with partial coverage cannot be Passed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

/// How far a control can be shown to hold without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// Its rules test all that it asks.
    Full,
    /// They test a part; a person adds the rest.
    Partial,
    /// A person's evidence only.
    Manual,
    /// Nothing here shows it: withdrawn, inherited from AWS, or tested by AWS's own code only.
    NotAutomated,
}

impl Coverage {
    /// All of them.
    pub const ALL: [Coverage; 4] = [
        Coverage::Full,
        Coverage::Partial,
        Coverage::Manual,
        Coverage::NotAutomated,
    ];

    /// As framework files spell it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Coverage::Full => "full",
            Coverage::Partial => "partial",
            Coverage::Manual => "manual",
            Coverage::NotAutomated => "not-automated",
        }
    }
}

impl Framework {
    /// The control with this id.
    pub fn control(&self, id: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.id == id)
    }

    /// The controls of a set, in order.
    pub fn controls_of<'f>(&'f self, set: &'f str) -> impl Iterator<Item = &'f Control> {
        self.controls
            .iter()
            .filter(move |control| control.set == set)
    }
}
