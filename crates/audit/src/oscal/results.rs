//! The results: what was observed of each rule, control and document, and what follows for controls.

use jiff::Timestamp;
use posture_content::frameworks::Control;
use uuid::Uuid;

use super::document::{
    Actor, AssessmentResult, AssessmentResults, BackMatter, Finding, Import, Metadata, Observation,
    Origin, Property, RelatedObservation, RelatedRisk, RelevantEvidence, ResultDefinitions, Risk,
    Target, TargetStatus, properties,
};
use super::ids::Ids;
use super::plan::{assets, control_properties, reviewed, tool};
use super::rendered::Rendering;
use super::risk::{judged, risk_status};
use super::subjects::Inventory;
use super::text::markup;
use super::token;
use crate::act::ControlStatus;
use crate::assessment::Uploaded;
use crate::control_history::ControlHistory;
use crate::error::AuditError;
use crate::pages::file_name;
use crate::rule_history::RuleHistory;

/// What results are told of.
pub(super) struct Told<'t> {
    pub(super) of: &'t Rendering<'t>,
    pub(super) ids: Ids,
    /// The plan's identifier, and the SHA-256 of its bytes.
    pub(super) plan: (Uuid, String),
}

impl Told<'_> {
    pub(super) fn results(&self) -> Result<AssessmentResults, AuditError> {
        let modified = self.modified();
        let mut results = AssessmentResults {
            uuid: Uuid::nil(),
            metadata: Metadata {
                title: format!("Results of the assessment {}", self.of.assessment.name),
                last_modified: modified,
                version: modified.to_string(),
                oscal_version: self.of.version.as_str(),
            },
            import_ap: Import {
                href: format!("#{}", self.plan.0),
            },
            results: vec![self.result()],
            back_matter: BackMatter {
                resources: self.resources(),
            },
        };
        results.uuid = self.ids.document(&results)?;
        Ok(results)
    }

    fn result(&self) -> AssessmentResult {
        let period = &self.of.assessment.scope.period;
        let (with, days) = self.of.evidence.completeness(period);
        let mut inventory = Inventory::default();
        let mut observations: Vec<Observation> = self
            .of
            .evidence
            .rules
            .iter()
            .map(|rule| self.rule(rule, &mut inventory))
            .collect();
        let (mut risks, mut findings) = (Vec::new(), Vec::new());
        let assessed = || self.of.histories.iter().filter(|one| self.is_assessed(one));
        for history in assessed() {
            observations.push(self.timeline(history));
            let record = self.of.assessment.control(&history.control.id);
            observations.extend(self.activity(history));
            observations.extend(record.uploads.iter().map(|one| self.document(history, one)));
            let risk = self.risk(history);
            findings.extend(self.finding(history, risk.as_ref()));
            risks.extend(risk);
        }
        observations.extend(self.api_calls(assessed()));
        AssessmentResult {
            uuid: self.ids.thing("result", &[]),
            title: markup(&self.of.framework.title),
            description: format!(
                "Evidence on {with} of {days} days. A time at which nobody looked, or nobody could, is unknown, \
                 and never satisfied."
            ),
            start: period.from,
            end: self.of.evidence.slots.last().map(|slot| slot.until),
            props: properties([
                Property::own("days-with-evidence", &with.to_string()),
                Property::own("days", &days.to_string()),
                Property::own("assessment-status", self.of.assessment.status),
            ]),
            local_definitions: ResultDefinitions {
                inventory_items: inventory.finish(),
                assessment_assets: assets(&self.ids),
            },
            reviewed_controls: reviewed(self.of.framework, assessed().map(|one| one.control)),
            observations,
            risks,
            findings,
        }
    }

    pub(super) fn is_assessed(&self, history: &ControlHistory<'_>) -> bool {
        let record = self.of.assessment.control(&history.control.id);
        record.status != ControlStatus::Inactive
    }

    /// When the newest thing in it was seen or said.
    fn modified(&self) -> Timestamp {
        let controls = self.of.assessment.controls.values();
        let said = controls.flat_map(|record| {
            let status = record.status_by.iter().map(|(_, at)| *at);
            let comments = record.comments.iter().map(|one| one.posted_at);
            let uploads = record.uploads.iter().map(|one| one.uploaded_at);
            status.chain(comments).chain(uploads)
        });
        let seen = self.of.evidence.newest();
        said.chain(seen)
            .chain(self.newest_activity())
            .fold(self.of.assessment.created_at, Timestamp::max)
    }

    pub(super) fn origins(&self) -> Vec<Origin> {
        vec![Origin {
            actors: vec![Actor {
                kind: "tool",
                actor_uuid: tool(&self.ids),
            }],
        }]
    }

    /// What a rule said over the period.
    fn rule(&self, rule: &RuleHistory, inventory: &mut Inventory) -> Observation {
        let last = rule.counts.last().copied().unwrap_or_default();
        let listed = &rule.listed;
        let mut props = properties([
            Property::own("rule", &rule.rule.rule_name),
            Property::own("rule-identifier", &rule.rule.source_identifier),
            Property::own("population", &rule.members.len().to_string()),
            Property::own("passing-at-the-end", &last.pass.to_string()),
            Property::own("failing-at-the-end", &last.fail.to_string()),
            Property::own("unknown-at-the-end", &last.unknown.to_string()),
            Property::own("excepted-at-the-end", &last.excepted.to_string()),
            Property::own("listings", &listed.listings.to_string()),
            Property::own("complete-listings", &listed.complete.to_string()),
            Property::own("counted-by-listings", &listed.counted.to_string()),
            Property::own("known-from-history", &listed.known.to_string()),
        ]);
        for (name, value) in &rule.rule.parameters {
            props.extend(Property::own("parameter", &format!("{name}={value}")));
        }
        let table = format!("populations/{}", (self.of.population_of)(rule));
        Observation {
            uuid: self.rule_id(rule),
            title: markup(&format!("What {} said", rule.rule.rule_name)),
            description: format!(
                "Of all {} resources to which it applied in the period. Subjects are those that failed at some \
                 time, and those that did not pass at the end; the table has all.",
                rule.members.len()
            ),
            props,
            methods: vec!["TEST"],
            types: vec!["control-objective"],
            origins: self.origins(),
            subjects: inventory.subjects(&self.ids, self.of.evidence, rule),
            relevant_evidence: vec![
                self.file_evidence(&table, "The population, a row a resource."),
                self.file_evidence("failures.csv", "Every failure of every rule."),
            ],
            collected: self.collected(),
        }
    }

    fn rule_id(&self, rule: &RuleHistory) -> Uuid {
        let parameters = serde_json::json!(rule.rule.parameters).to_string();
        self.ids.thing(
            "rule",
            &[
                &rule.rule.rule_name,
                &rule.rule.source_identifier,
                &parameters,
            ],
        )
    }

    /// What was known of a control over the period.
    fn timeline(&self, history: &ControlHistory<'_>) -> Observation {
        let control = history.control;
        let mut props = control_properties(self.of.framework, control);
        for one in &history.intervals {
            let text = format!("{} {}/{}", one.state.as_str(), one.from, one.until);
            let property = Property::own("interval", &text);
            props.extend(property.map(|property| property.remarked(markup(&one.reason))));
        }
        for test in &history.tests {
            if test.rules.is_empty() && test.mapping.decides() {
                props.extend(Property::own("never-evaluated", &test.mapping.rule));
            }
        }
        let page = format!("controls/{}.html", file_name(&control.id));
        Observation {
            uuid: self.timeline_id(control),
            title: markup(&format!("{} over the period", control.id)),
            description: match history.intervals.as_slice() {
                [] => "No rule decides about it.".to_owned(),
                _ => "What was known of it, from when until when.".to_owned(),
            },
            props,
            methods: vec![if history.intervals.is_empty() {
                "EXAMINE"
            } else {
                "TEST"
            }],
            types: vec!["control-objective"],
            origins: self.origins(),
            subjects: Vec::new(),
            relevant_evidence: vec![self.file_evidence(&page, "The control's page.")],
            collected: self.collected(),
        }
    }

    fn timeline_id(&self, control: &Control) -> Uuid {
        self.ids.thing("timeline", &[&control.id])
    }

    /// A document that a person added.
    fn document(&self, history: &ControlHistory<'_>, one: &Uploaded) -> Observation {
        let upload = &one.upload;
        Observation {
            uuid: self.document_id(history.control, one),
            title: markup(&format!("Document {}", upload.file_name)),
            description: match markup(&upload.note).as_str() {
                "" => "Added without a note.".to_owned(),
                note => note.to_owned(),
            },
            props: properties([
                Property::own("control-id", &history.control.id),
                Property::own("file-name", &upload.file_name),
                Property::own("sha-256", &upload.body.sha256),
                Property::own("effective-from", &upload.effective_from.to_string()),
                Property::own("effective-until", &upload.effective_until.to_string()),
                Property::own("uploader", &one.uploader),
            ]),
            methods: vec!["EXAMINE"],
            types: vec!["control-objective"],
            origins: self.origins(),
            subjects: Vec::new(),
            relevant_evidence: vec![RelevantEvidence {
                href: format!("#{}", self.body_id(&upload.body.sha256)),
                description: "The document, as it was added.".to_owned(),
            }],
            collected: one.uploaded_at,
        }
    }

    fn document_id(&self, control: &Control, one: &Uploaded) -> Uuid {
        let at = one.uploaded_at.to_string();
        self.ids
            .thing("document", &[&control.id, &one.upload.body.sha256, &at])
    }

    fn risk(&self, history: &ControlHistory<'_>) -> Option<Risk> {
        let control = history.control;
        let status = risk_status(history)?;
        Some(Risk {
            uuid: self.ids.thing("risk", &[&control.id]),
            title: markup(&format!("{} failed", control.id)),
            description: "Rules that decide about the control failed on resources in scope."
                .to_owned(),
            statement: markup(&control.title),
            status,
            related_observations: self.of_rules(history),
        })
    }

    fn of_rules(&self, history: &ControlHistory<'_>) -> Vec<RelatedObservation> {
        let rules = history.deciding().map(|rule| RelatedObservation {
            observation_uuid: self.rule_id(rule),
        });
        rules.collect()
    }

    fn finding(&self, history: &ControlHistory<'_>, risk: Option<&Risk>) -> Option<Finding> {
        let control = history.control;
        let record = self.of.assessment.control(&control.id);
        let outcome = history.outcome(Some(self.of.assessment), &self.of.assessment.scope.period);
        let judged = judged(history, outcome, &record)?;
        let owner = self.of.assessment.owner_of(&control.set, &control.id);
        let mut props = control_properties(self.of.framework, control);
        props.extend(properties([
            Property::own("result", outcome.as_str()),
            Property::own("review-status", record.status.as_str()),
            Property::own("owner", owner),
        ]));
        let mut related = vec![RelatedObservation {
            observation_uuid: self.timeline_id(control),
        }];
        related.extend(self.of_rules(history));
        related.extend(self.of_activity(history));
        related.extend(record.uploads.iter().map(|one| RelatedObservation {
            observation_uuid: self.document_id(control, one),
        }));
        Some(Finding {
            uuid: self.ids.thing("finding", &[&control.id]),
            title: markup(&format!("{} {}", control.id, control.title)),
            description: judged.remarks.to_owned(),
            props,
            target: Target {
                kind: "objective-id",
                objective: token::objective(self.of.framework, &control.id),
                status: TargetStatus {
                    state: judged.state,
                    reason: judged.reason,
                    remarks: judged.remarks.to_owned(),
                },
            },
            related_observations: related,
            related_risks: risk
                .map(|risk| RelatedRisk {
                    risk_uuid: risk.uuid,
                })
                .into_iter()
                .collect(),
        })
    }

    /// When the newest run of the period looked; where there was none, when the assessment was made.
    pub(super) fn collected(&self) -> Timestamp {
        self.of
            .evidence
            .newest()
            .unwrap_or(self.of.assessment.created_at)
    }

    pub(super) fn file_evidence(&self, path: &str, description: &str) -> RelevantEvidence {
        RelevantEvidence {
            href: format!("#{}", self.ids.thing("file", &[path])),
            description: description.to_owned(),
        }
    }

    pub(super) fn body_id(&self, sha256: &str) -> Uuid {
        self.ids.thing("body", &[sha256])
    }
}
