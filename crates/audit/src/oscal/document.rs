//! OSCAL's assessment-results, and what they share with a plan, as far as it is written here. Names and shapes
//! are those of NIST's JSON schemas of 1.1.2, 1.1.3 and 1.2.1, which agree on all of these.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::text::value;

/// Of our own properties. No address: `invalid` is nobody's (RFC 2606).
pub(crate) const NAMESPACE: &str = "https://posture.invalid/ns/oscal";

/// Results.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct AssessmentResults {
    pub(crate) uuid: Uuid,
    pub(crate) metadata: Metadata,
    pub(crate) import_ap: Import,
    pub(crate) results: Vec<AssessmentResult>,
    pub(crate) back_matter: BackMatter,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Metadata {
    pub(crate) title: String,
    pub(crate) last_modified: Timestamp,
    pub(crate) version: String,
    pub(crate) oscal_version: &'static str,
}

#[derive(Debug, Serialize)]
pub(crate) struct Import {
    pub(crate) href: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Property {
    pub(crate) name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ns: Option<&'static str>,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remarks: Option<String>,
}

impl Property {
    /// One of ours; none where the value is blank, which OSCAL does not take.
    pub(crate) fn own(name: &'static str, text: &str) -> Option<Property> {
        value(text).map(|value| Property {
            name,
            ns: Some(NAMESPACE),
            value,
            remarks: None,
        })
    }

    /// One that OSCAL defines.
    pub(crate) fn oscal(name: &'static str, text: &str) -> Option<Property> {
        value(text).map(|value| Property {
            name,
            ns: None,
            value,
            remarks: None,
        })
    }

    /// With remarks in Markdown.
    pub(crate) fn remarked(mut self, remarks: String) -> Property {
        self.remarks = Some(remarks).filter(|remarks| !remarks.is_empty());
        self
    }
}

/// Properties that have a value.
pub(crate) fn properties<const N: usize>(all: [Option<Property>; N]) -> Vec<Property> {
    all.into_iter().flatten().collect()
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ReviewedControls {
    pub(crate) control_selections: Vec<ControlSelection>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) control_objective_selections: Vec<ObjectiveSelection>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ControlSelection {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) include_controls: Vec<ControlReference>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ControlReference {
    pub(crate) control_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ObjectiveSelection {
    pub(crate) include_objectives: Vec<ObjectiveReference>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ObjectiveReference {
    pub(crate) objective_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Assets {
    pub(crate) components: Vec<Component>,
    pub(crate) assessment_platforms: Vec<Platform>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Component {
    pub(crate) uuid: Uuid,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) props: Vec<Property>,
    pub(crate) status: ComponentStatus,
}

#[derive(Debug, Serialize)]
pub(crate) struct ComponentStatus {
    pub(crate) state: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Platform {
    pub(crate) uuid: Uuid,
    pub(crate) title: String,
    pub(crate) uses_components: Vec<UsedComponent>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct UsedComponent {
    pub(crate) component_uuid: Uuid,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct AssessmentResult {
    pub(crate) uuid: Uuid,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) start: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<Timestamp>,
    pub(crate) props: Vec<Property>,
    pub(crate) local_definitions: ResultDefinitions,
    pub(crate) reviewed_controls: ReviewedControls,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) observations: Vec<Observation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) risks: Vec<Risk>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) findings: Vec<Finding>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ResultDefinitions {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) inventory_items: Vec<InventoryItem>,
    pub(crate) assessment_assets: Assets,
}

#[derive(Debug, Serialize)]
pub(crate) struct InventoryItem {
    pub(crate) uuid: Uuid,
    pub(crate) description: String,
    pub(crate) props: Vec<Property>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Observation {
    pub(crate) uuid: Uuid,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) props: Vec<Property>,
    pub(crate) methods: Vec<&'static str>,
    pub(crate) types: Vec<&'static str>,
    pub(crate) origins: Vec<Origin>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) subjects: Vec<Subject>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) relevant_evidence: Vec<RelevantEvidence>,
    pub(crate) collected: Timestamp,
}

#[derive(Debug, Serialize)]
pub(crate) struct Origin {
    pub(crate) actors: Vec<Actor>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Actor {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) actor_uuid: Uuid,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Subject {
    #[serde(rename = "subject-uuid")]
    pub(crate) item: Uuid,
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) props: Vec<Property>,
}

#[derive(Debug, Serialize)]
pub(crate) struct RelevantEvidence {
    pub(crate) href: String,
    pub(crate) description: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Risk {
    pub(crate) uuid: Uuid,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) statement: String,
    pub(crate) status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) related_observations: Vec<RelatedObservation>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Finding {
    pub(crate) uuid: Uuid,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) props: Vec<Property>,
    pub(crate) target: Target,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) related_observations: Vec<RelatedObservation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) related_risks: Vec<RelatedRisk>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Target {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    #[serde(rename = "target-id")]
    pub(crate) objective: String,
    pub(crate) status: TargetStatus,
}

#[derive(Debug, Serialize)]
pub(crate) struct TargetStatus {
    pub(crate) state: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) remarks: String,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RelatedObservation {
    pub(crate) observation_uuid: Uuid,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RelatedRisk {
    pub(crate) risk_uuid: Uuid,
}

#[derive(Debug, Serialize)]
pub(crate) struct BackMatter {
    pub(crate) resources: Vec<Resource>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Resource {
    pub(crate) uuid: Uuid,
    pub(crate) title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) props: Vec<Property>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) rlinks: Vec<ResourceLink>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ResourceLink {
    pub(crate) href: String,
    pub(crate) media_type: &'static str,
    pub(crate) hashes: Vec<Hash>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Hash {
    pub(crate) algorithm: &'static str,
    pub(crate) value: String,
}
