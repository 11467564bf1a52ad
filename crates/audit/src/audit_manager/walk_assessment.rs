//! One assessment of the walk.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::framework::{self, Built, text};
use super::standing::{Standing, time as time_of};
use super::walk::Walk;
use crate::act::{Act, subject};
use crate::assessment::Assessment;
use crate::error::AuditError;
use crate::journal::{add, assessment, create};
use crate::period::{Period, day, start};
use crate::person::Person;
use crate::scope::{Frequency, Scope};

impl Walk<'_> {
    /// Reads an assessment that was listed.
    pub(super) async fn assessment(
        &mut self,
        listed: &Value,
        reports: &BTreeMap<String, Vec<Value>>,
    ) -> Result<(), AuditError> {
        let (id, name) = (text(listed, "id"), text(listed, "name"));
        let named = format!("assessment {name} ({id})");
        let input = json!({ "assessmentId": id });
        let read = self.account.get("GetAssessment", input.clone()).await?;
        let Some(read) = self.answered(&named, read) else {
            return Ok(());
        };
        let answer = read.get("assessment").unwrap_or(&Value::Null);
        let of = text(answer.get("framework").unwrap_or(&Value::Null), "id");
        let framework = self
            .account
            .get("GetAssessmentFramework", json!({ "frameworkId": of }))
            .await?;
        let framework = match framework {
            Err(gone) if gone.is_absent => {
                let note = format!(
                    "{named}: its framework is gone, and the sources of its controls with it"
                );
                self.report.notes.push(note);
                None
            }
            other => self.answered(&named, other),
        };
        let sources = framework.as_ref().and_then(|read| read.get("framework"));
        let built = framework::of_assessment(answer, sources);
        let Some(built) = self.framework(&named, built).await? else {
            return Ok(());
        };
        let folders = self
            .account
            .list(
                "GetEvidenceFoldersByAssessment",
                input.clone(),
                "evidenceFolders",
            )
            .await?;
        let mut folders = self.answered(&named, folders).unwrap_or_default();
        folders.sort_by_key(|one| (text(one, "date"), text(one, "id")));
        let standing = Standing::of(answer, self.account.aws_region(), &built.placed);
        let here = name_of(&name, &id);
        let had_sources = sources.is_some();
        let Some(number) = self
            .stands(&named, &here, standing, (&built, had_sources), &folders)
            .await?
        else {
            return Ok(());
        };
        self.report.assessments += 1;
        let subject = subject(number);
        self.document(&subject, "assessment", answer).await?;
        if let Some(framework) = sources {
            self.document(&subject, "framework", framework).await?;
        }
        if let Some(reports) = reports.get(&id) {
            self.document(&subject, "reports", &json!(reports)).await?;
        }
        let log = self
            .account
            .list("GetChangeLogs", input, "changeLogs")
            .await?;
        if let Some(log) = self.answered(&named, log) {
            self.document(&subject, "change-log", &json!(log)).await?;
        }
        self.folders(&named, number, &id, &built.placed, folders)
            .await
    }

    /// Writes how the assessment stands, where it is new or stands otherwise than before. Returns its
    /// number here.
    async fn stands(
        &mut self,
        named: &str,
        here: &str,
        standing: Standing,
        (built, had_sources): (&Built, bool),
        folders: &[Value],
    ) -> Result<Option<i64>, AuditError> {
        let known = match assessment(self.store, here).await {
            Ok(known) => Some(known),
            Err(AuditError::NoAssessment { .. }) => None,
            Err(error) => return Err(error),
        };
        let before = known.as_ref().and_then(|known| known.imported.as_ref());
        if known.is_some()
            && before.map(|before| &before.assessment_id) != Some(&standing.assessment_id)
        {
            let why = format!("there is another assessment {here} here");
            self.problem(named, None, why);
            return Ok(None);
        }
        let scope = scope(&standing, built, had_sources, known.as_ref(), folders);
        if let Some(known) = &known {
            if known.scope == scope && before == Some(&standing) {
                return Ok(Some(known.number));
            }
            let standing = Box::new(standing);
            add(
                self.store,
                known,
                Person::named(self.by)?,
                Act::Imported { scope, standing },
            )
            .await?;
        } else {
            let standing = Box::new(standing);
            create(
                self.store,
                here,
                Person::named(self.by)?,
                Act::Imported { scope, standing },
            )
            .await?;
        }
        self.report.changed_assessments += 1;
        let known = assessment(self.store, here).await?;
        Ok(Some(known.number))
    }
}

/// What an assessment is about here. What was known before and could not be read now stays.
fn scope(
    standing: &Standing,
    built: &Built,
    had_sources: bool,
    known: Option<&Assessment>,
    folders: &[Value],
) -> Scope {
    let mut times: Vec<Timestamp> = folders
        .iter()
        .filter_map(|one| time_of(one, "date"))
        .collect();
    times.extend(standing.created_at);
    times.extend(standing.last_updated);
    let before = known.map(|known| known.scope.period);
    let first = times.iter().min().copied().unwrap_or(Timestamp::UNIX_EPOCH);
    let last = times.iter().max().copied().unwrap_or(first);
    let end = day(last)
        .tomorrow()
        .ok()
        .and_then(start)
        .unwrap_or(Timestamp::MAX);
    let first = start(day(first)).unwrap_or(first);
    let period = Period {
        from: before.map_or(first, |before| before.from.min(first)),
        until: before.map_or(end, |before| before.until.max(end)),
    };
    let framework = &built.framework;
    let (mut name, mut version) = (framework.name.clone(), framework.version.clone());
    if let Some(known) = known.filter(|_| !had_sources) {
        name.clone_from(&known.scope.framework);
        version.clone_from(&known.scope.framework_version);
    }
    Scope {
        framework: name,
        framework_version: version,
        accounts: standing.accounts.clone(),
        regions: Vec::new(),
        tags: Vec::new(),
        api_calls: Frequency::Never,
        period,
    }
}

/// What an assessment is called here: its name there in signs that files have everywhere, and the
/// beginning of its id.
fn name_of(name: &str, id: &str) -> String {
    let mut plain = String::new();
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() || letter == '.' && !plain.is_empty() {
            plain.push(letter.to_ascii_lowercase());
        } else if !plain.is_empty() && !plain.ends_with('-') {
            plain.push('-');
        }
        if plain.len() >= 48 {
            break;
        }
    }
    let plain = plain.trim_matches('-');
    let plain = if plain.is_empty() {
        "assessment"
    } else {
        plain
    };
    let short: String = id.chars().take(8).collect();
    format!("{plain}-{short}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_becomes_one_that_files_can_have() {
        let id = "0f5c8a1e-0000-4000-8000-000000000000";
        assert_eq!(name_of("SOC 2 / Q1 (prod)", id), "soc-2-q1-prod-0f5c8a1e");
        assert_eq!(name_of("../../etc", id), "etc-0f5c8a1e");
        assert_eq!(name_of("監査", id), "assessment-0f5c8a1e");
        assert!(name_of(&"x".repeat(300), id).len() <= 64);
    }
}
