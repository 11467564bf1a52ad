//! OSCAL's assessment-plan, as far as it is written here.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::document::{Assets, BackMatter, Import, Metadata, Property, ReviewedControls};

/// A plan.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct AssessmentPlan {
    pub(crate) uuid: Uuid,
    pub(crate) metadata: Metadata,
    pub(crate) import_ssp: Import,
    pub(crate) local_definitions: PlanDefinitions,
    pub(crate) reviewed_controls: ReviewedControls,
    pub(crate) assessment_subjects: Vec<AssessmentSubject>,
    pub(crate) assessment_assets: Assets,
    pub(crate) tasks: Vec<Task>,
    pub(crate) back_matter: BackMatter,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct PlanDefinitions {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) objectives_and_methods: Vec<LocalObjective>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) activities: Vec<Activity>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct LocalObjective {
    pub(crate) control_id: String,
    pub(crate) props: Vec<Property>,
    pub(crate) parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Part {
    pub(crate) id: String,
    pub(crate) name: &'static str,
    pub(crate) title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) prose: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Activity {
    pub(crate) uuid: Uuid,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) props: Vec<Property>,
    pub(crate) related_controls: ReviewedControls,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct AssessmentSubject {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) props: Vec<Property>,
    pub(crate) include_all: Empty,
}

/// `{}`.
#[derive(Debug, Serialize)]
pub(crate) struct Empty {}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Task {
    pub(crate) uuid: Uuid,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    pub(crate) timing: Timing,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) associated_activities: Vec<AssociatedActivity>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Timing {
    pub(crate) within_date_range: DateRange,
}

#[derive(Debug, Serialize)]
pub(crate) struct DateRange {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct AssociatedActivity {
    pub(crate) activity_uuid: Uuid,
    pub(crate) subjects: Vec<AssessmentSubject>,
}
