//! The plan: which controls are tested, by which rules and documents, on what, over which period.

use std::collections::BTreeMap;

use posture_content::frameworks::{Control, Framework, testing_procedure};
use uuid::Uuid;

use super::OscalVersion;
use super::document::{
    Assets, BackMatter, Component, ComponentStatus, ControlReference, ControlSelection, Import,
    Metadata, ObjectiveReference, ObjectiveSelection, Platform, Property, Resource,
    ReviewedControls, UsedComponent, properties,
};
use super::ids::Ids;
use super::plan_document::{
    Activity, AssessmentPlan, AssessmentSubject, AssociatedActivity, DateRange, Empty,
    LocalObjective, Part, PlanDefinitions, Task, Timing,
};
use super::text::markup;
use super::token;
use crate::assessment::Assessment;
use crate::error::AuditError;

/// The plan of an assessment. It follows from the framework and the scope alone.
pub(super) fn plan(
    framework: &Framework,
    assessment: &Assessment,
    ids: &Ids,
    version: OscalVersion,
) -> Result<AssessmentPlan, AuditError> {
    let scope = &assessment.scope;
    let activities = activities(framework, ids);
    let associated = activities
        .iter()
        .map(|activity| AssociatedActivity {
            activity_uuid: activity.uuid,
            subjects: vec![everything()],
        })
        .collect();
    let system = ids.thing("system", &[]);
    let mut plan = AssessmentPlan {
        uuid: Uuid::nil(),
        metadata: Metadata {
            title: format!("Plan of the assessment {}", assessment.name),
            last_modified: assessment.created_at,
            version: assessment.created_at.to_string(),
            oscal_version: version.as_str(),
        },
        import_ssp: Import {
            href: format!("#{system}"),
        },
        local_definitions: PlanDefinitions {
            objectives_and_methods: framework
                .controls
                .iter()
                .map(|control| objective(framework, control))
                .collect(),
            activities,
        },
        reviewed_controls: reviewed(framework, framework.controls.iter()),
        assessment_subjects: vec![AssessmentSubject {
            description: Some(subjects(assessment)),
            props: scope_properties(assessment),
            ..everything()
        }],
        assessment_assets: assets(ids),
        tasks: vec![Task {
            uuid: ids.thing("task", &[]),
            kind: "action",
            title: "Test every control over the whole period".to_owned(),
            timing: Timing {
                within_date_range: DateRange {
                    start: scope.period.from,
                    end: scope.period.until,
                },
            },
            associated_activities: associated,
        }],
        back_matter: BackMatter {
            resources: vec![Resource {
                uuid: system,
                title: "The system".to_owned(),
                description:
                    "No system security plan is kept here. The system is what was recorded of the \
                              accounts in scope."
                        .to_owned(),
                props: scope_properties(assessment),
                rlinks: Vec::new(),
            }],
        },
    };
    plan.uuid = ids.document(&plan)?;
    Ok(plan)
}

/// These controls, and what their findings are about.
pub(super) fn reviewed<'c>(
    framework: &Framework,
    controls: impl Iterator<Item = &'c Control>,
) -> ReviewedControls {
    let mut selection = ControlSelection {
        include_controls: Vec::new(),
    };
    let mut objectives = Vec::new();
    for control in controls {
        selection.include_controls.push(ControlReference {
            control_id: token::control(framework, &control.id),
        });
        objectives.push(ObjectiveReference {
            objective_id: token::objective(framework, &control.id),
        });
    }
    ReviewedControls {
        control_selections: vec![selection],
        control_objective_selections: if objectives.is_empty() {
            Vec::new()
        } else {
            vec![ObjectiveSelection {
                include_objectives: objectives,
            }]
        },
    }
}

/// What tests: this version of Posture.
pub(super) fn assets(ids: &Ids) -> Assets {
    let version = env!("CARGO_PKG_VERSION");
    let tool = tool(ids);
    Assets {
        components: vec![Component {
            uuid: tool,
            kind: "software",
            title: "Posture".to_owned(),
            description: "Records AWS configurations and evaluates AWS Config rules on them."
                .to_owned(),
            props: properties([Property::oscal("version", version)]),
            status: ComponentStatus {
                state: "operational",
            },
        }],
        assessment_platforms: vec![Platform {
            uuid: ids.thing("platform", &[version]),
            title: format!("Posture {version}"),
            uses_components: vec![UsedComponent {
                component_uuid: tool,
            }],
        }],
    }
}

/// The component that tests.
pub(super) fn tool(ids: &Ids) -> Uuid {
    ids.thing("tool", &[env!("CARGO_PKG_VERSION")])
}

/// The id of a control as its framework spells it, and the framework.
pub(super) fn control_properties(framework: &Framework, control: &Control) -> Vec<Property> {
    properties([
        Property::own("control-id", &control.id),
        Property::own("framework", &framework.name),
        Property::own("framework-version", &framework.version),
        Property::own("coverage", control.coverage.as_str()),
    ])
}

/// A rule's activity.
pub(super) fn activity(ids: &Ids, rule: &str) -> Uuid {
    ids.thing("activity", &["rule", rule])
}

fn everything() -> AssessmentSubject {
    AssessmentSubject {
        kind: "inventory-item",
        description: None,
        props: Vec::new(),
        include_all: Empty {},
    }
}

fn scope_properties(assessment: &Assessment) -> Vec<Property> {
    let scope = &assessment.scope;
    let accounts = scope.accounts.iter();
    let regions = scope.regions.iter();
    let tags = scope.tags.iter().map(ToString::to_string);
    accounts
        .map(|account| Property::own("account-id", account))
        .chain(regions.map(|region| Property::own("aws-region", region)))
        .chain(tags.map(|tag| Property::own("tag", &tag)))
        .flatten()
        .collect()
}

fn subjects(assessment: &Assessment) -> String {
    let scope = &assessment.scope;
    let accounts = match scope.accounts.len() {
        0 => "every account that is recorded".to_owned(),
        count => format!("{count} accounts"),
    };
    let regions = match scope.regions.len() {
        0 => "every Region".to_owned(),
        count => format!("{count} Regions, and what belongs to none"),
    };
    let tags: Vec<String> = scope.tags.iter().map(ToString::to_string).collect();
    let tagged = match tags.as_slice() {
        [] => String::new(),
        tags => markup(&format!(", that had the tags {}", tags.join(", "))),
    };
    format!(
        "Every resource to which a rule applies, of {accounts} and {regions}{tagged}, at any time of the period."
    )
}

fn objective(framework: &Framework, control: &Control) -> LocalObjective {
    LocalObjective {
        control_id: token::control(framework, &control.id),
        props: control_properties(framework, control),
        parts: vec![Part {
            id: token::objective(framework, &control.id),
            name: "assessment-objective",
            title: markup(&format!("{} {}", control.id, control.title)),
            prose: testing_procedure(control).map_or(String::new(), |text| markup(&text)),
        }],
    }
}

/// One for each rule that decides about a control, and one for each control to which a person adds.
fn activities(framework: &Framework, ids: &Ids) -> Vec<Activity> {
    let mut rules: BTreeMap<&str, Vec<&Control>> = BTreeMap::new();
    for control in &framework.controls {
        for mapping in control.rules.iter().filter(|mapping| mapping.decides()) {
            rules.entry(&mapping.rule).or_default().push(control);
        }
    }
    let tests = rules.into_iter().map(|(rule, controls)| Activity {
        uuid: activity(ids, rule),
        title: format!("Evaluate {rule}"),
        description:
            "Evaluated on every resource of its types in scope, at every run of the period. \
                      NON\\_COMPLIANT fails; INSUFFICIENT\\_DATA and a missing run are no pass."
                .to_owned(),
        props: properties([
            Property::oscal("method", "TEST"),
            Property::own("rule", rule),
        ]),
        related_controls: reviewed(framework, controls.into_iter()),
    });
    let with_documents = framework
        .controls
        .iter()
        .filter(|control| !control.evidence.is_empty());
    let documents = with_documents.map(|control| Activity {
        uuid: ids.thing("activity", &["documents", &control.id]),
        title: markup(&format!("Examine documents for {}", control.id)),
        description: markup(&format!("A person adds: {}.", control.evidence.join(", "))),
        props: properties([Property::oscal("method", "EXAMINE")]),
        related_controls: reviewed(framework, std::iter::once(control)),
    });
    tests.chain(documents).collect()
}
