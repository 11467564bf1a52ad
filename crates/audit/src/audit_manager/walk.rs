//! The walk through an account: frameworks, assessments, and their evidence folder by folder. What was
//! read whole and has not changed is not read again; what fails is told, and the walk goes on.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use posture_aws::Client;
use posture_store::Store;
use serde_json::{Value, json};

use super::account::{Account, Refused};
use super::framework::{self, Built, elements, text};
use super::report::{ImportProblem, ImportReport, Reached};
use super::{documents, frameworks};
use crate::error::AuditError;
use crate::journal::now;
use crate::person::Person;

/// Subject of the records that are about no assessment.
const ACCOUNT: &str = "audit-manager";

/// An import.
pub struct Import<'i> {
    /// The state.
    pub store: &'i Store,
    /// AWS, in the Region whose Audit Manager is read.
    pub client: Client,
    /// Who imports.
    pub by: &'i str,
    /// Told now and then how far it is.
    pub progress: &'i (dyn Fn(Reached) + Sync),
}

/// Walks through the account. What was stored before a failure stays, and the next import goes on there.
///
/// # Errors
/// Where the state fails, nobody is signed in, or there is no such Region. Everything else is told in
/// the report.
pub async fn import(import: Import<'_>) -> Result<ImportReport, AuditError> {
    // Refused before anything is asked of AWS.
    Person::named(import.by)?;
    let mut walk = Walk {
        account: Account::new(import.client),
        store: import.store,
        by: import.by,
        progress: import.progress,
        report: ImportReport::default(),
        reached: Reached::default(),
        now: now(import.store),
    };
    let of_frameworks = walk.frameworks().await?;
    walk.controls(&of_frameworks).await?;
    let reports = walk.reports().await?;
    let listed = walk
        .account
        .list("ListAssessments", json!({}), "assessmentMetadata")
        .await?;
    let mut listed = walk.answered("the account", listed).unwrap_or_default();
    // Who reads twice finds the same order.
    listed.sort_by_key(|one| (text(one, "name"), text(one, "id")));
    walk.reached.of_assessments = listed.len();
    for one in &listed {
        walk.assessment(one, &reports).await?;
        walk.reached.assessments += 1;
        (walk.progress)(walk.reached);
    }
    Ok(walk.report)
}

/// The walk, as far as it has come.
pub(super) struct Walk<'i> {
    pub(super) account: Account,
    pub(super) store: &'i Store,
    pub(super) by: &'i str,
    pub(super) progress: &'i (dyn Fn(Reached) + Sync),
    pub(super) report: ImportReport,
    pub(super) reached: Reached,
    pub(super) now: Timestamp,
}

impl Walk<'_> {
    /// What a call gave, or nothing and a problem.
    pub(super) fn answered<T>(&mut self, subject: &str, answer: Result<T, Refused>) -> Option<T> {
        match answer {
            Ok(answer) => Some(answer),
            Err(refused) => {
                self.problem(subject, Some(refused.call), refused.why);
                None
            }
        }
    }

    pub(super) fn problem(&mut self, subject: &str, call: Option<&'static str>, why: String) {
        let subject = subject.to_owned();
        self.report
            .problems
            .push(ImportProblem { subject, call, why });
    }

    pub(super) async fn document(
        &mut self,
        subject: &str,
        kind: &str,
        answer: &Value,
    ) -> Result<(), AuditError> {
        if documents::keep(self.store, subject, kind, answer, self.now).await? {
            self.report.new_documents += 1;
        }
        Ok(())
    }

    pub(super) async fn framework(
        &mut self,
        subject: &str,
        built: Result<Built, String>,
    ) -> Result<Option<Built>, AuditError> {
        let built = match built {
            Ok(built) => built,
            Err(why) => {
                self.problem(subject, None, why);
                return Ok(None);
            }
        };
        if frameworks::keep(self.store, &built).await? {
            self.report.new_frameworks += 1;
            self.report.notes.extend(built.notes.iter().cloned());
        }
        Ok(Some(built))
    }

    /// Custom frameworks; AWS's own come with the assessments that use them. Returns the ids of the
    /// controls that are in one.
    async fn frameworks(&mut self) -> Result<HashSet<String>, AuditError> {
        let input = json!({ "frameworkType": "Custom" });
        let listed = self
            .account
            .list("ListAssessmentFrameworks", input, "frameworkMetadataList")
            .await?;
        let mut known = HashSet::new();
        for one in self
            .answered("custom frameworks", listed)
            .unwrap_or_default()
        {
            let (id, name) = (text(&one, "id"), text(&one, "name"));
            let named = format!("framework {name} ({id})");
            let read = self
                .account
                .get("GetAssessmentFramework", json!({ "frameworkId": id }))
                .await?;
            let Some(read) = self.answered(&named, read) else {
                continue;
            };
            let framework = read.get("framework").unwrap_or(&Value::Null);
            for set in elements(framework, "controlSets") {
                known.extend(
                    elements(set, "controls")
                        .iter()
                        .map(|control| text(control, "id")),
                );
            }
            self.document(ACCOUNT, &format!("framework {id}"), framework)
                .await?;
            self.framework(&named, framework::of_framework(framework))
                .await?;
        }
        Ok(known)
    }

    /// Custom controls that no framework has.
    async fn controls(&mut self, known: &HashSet<String>) -> Result<(), AuditError> {
        let input = json!({ "controlType": "Custom" });
        let listed = self
            .account
            .list("ListControls", input, "controlMetadataList")
            .await?;
        let mut alone = Vec::new();
        for one in self.answered("custom controls", listed).unwrap_or_default() {
            let id = text(&one, "id");
            if known.contains(&id) {
                continue;
            }
            let read = self
                .account
                .get("GetControl", json!({ "controlId": id }))
                .await?;
            let named = format!("control {} ({id})", text(&one, "name"));
            if let Some(control) = self
                .answered(&named, read)
                .and_then(|read| read.get("control").cloned())
            {
                self.document(ACCOUNT, &format!("control {id}"), &control)
                    .await?;
                alone.push(control);
            }
        }
        if !alone.is_empty() {
            self.framework("custom controls", framework::of_controls(&alone))
                .await?;
        }
        Ok(())
    }

    /// What is known of assessment reports, by assessment.
    async fn reports(&mut self) -> Result<BTreeMap<String, Vec<Value>>, AuditError> {
        let listed = self
            .account
            .list("ListAssessmentReports", json!({}), "assessmentReports")
            .await?;
        let mut reports: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for one in self
            .answered("assessment reports", listed)
            .unwrap_or_default()
        {
            reports
                .entry(text(&one, "assessmentId"))
                .or_default()
                .push(one);
        }
        Ok(reports)
    }
}
