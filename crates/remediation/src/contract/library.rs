//! The documents that there are, each with its safety.

use std::collections::{BTreeMap, BTreeSet};

use posture_aws::{Service, action_of};
use posture_content::remediations;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::plan::hex;
use crate::document::{Call, Document};
use crate::error::RemediationError;
use crate::run;
use crate::safety::Safety;

/// A document with its safety.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    /// The document's name.
    pub name: String,
    /// The document.
    pub document: Document,
    /// The document's text, as it is handed over to SSM.
    pub text: String,
    /// Its safety.
    pub safety: Safety,
    /// The SHA-256 of both texts, in hexadecimal.
    pub hash: String,
    /// Whether its scripts may run: our own may, others where the configuration says so.
    pub is_trusted: bool,
}

/// The documents that there are.
#[derive(Debug, Clone, Default)]
pub struct Content {
    remedies: BTreeMap<String, Remedy>,
}

impl Remedy {
    /// Reads a document and its safety.
    ///
    /// # Errors
    /// Everything that is wrong with either, with line and column.
    pub fn parse(
        name: &str,
        document: &str,
        safety: &str,
        is_trusted: bool,
    ) -> Result<Remedy, RemediationError> {
        let broken = |file: &str, problems: Vec<String>| RemediationError::Content {
            file: format!("{name}.{file}.yaml"),
            problems,
        };
        let hash = Sha256::new()
            .chain_update((document.len() as u64).to_be_bytes())
            .chain_update(document)
            .chain_update(safety);
        Ok(Remedy {
            name: name.to_owned(),
            document: Document::parse(document).map_err(|problems| {
                let problems = problems.iter().map(ToString::to_string);
                broken("document", problems.collect())
            })?,
            safety: Safety::parse(name, safety)
                .map_err(|problem| broken("safety", vec![problem]))?,
            text: document.to_owned(),
            hash: hex(&hash.finalize()),
            is_trusted,
        })
    }

    /// Of a resource's names the first that the document's own parameter admits; none where it takes no resource.
    ///
    /// # Errors
    /// Where it takes one, and admits none of these.
    pub fn subject<'n>(&self, names: &[&'n str]) -> Result<Option<&'n str>, RemediationError> {
        let Some(parameter) = &self.safety.resource.parameter else {
            return Ok(None);
        };
        let admits = |name: &&&str| {
            let given = [(parameter.clone(), Value::from(**name))].into();
            match self.document.arguments(&given) {
                Ok(_) => true,
                // Others may be missing: those are the caller's.
                Err(problems) => !problems
                    .iter()
                    .any(|problem| problem.starts_with(parameter)),
            }
        };
        match names.iter().find(admits) {
            Some(name) => Ok(Some(name)),
            None => Err(RemediationError::Parameters {
                document: self.name.clone(),
                problems: vec![format!("{parameter} is none of {}", names.join(", "))],
            }),
        }
    }
}

impl Content {
    /// The embedded documents.
    ///
    /// # Errors
    /// Where one is broken, which a test excludes.
    pub fn embedded() -> Result<Content, RemediationError> {
        let mut content = Content::default();
        for texts in remediations::embedded() {
            content.add(Remedy::parse(
                texts.name,
                texts.document,
                texts.safety,
                true,
            )?);
        }
        Ok(content)
    }

    /// Adds a document, in the place of another of the same name.
    pub fn add(&mut self, remedy: Remedy) {
        self.remedies.insert(remedy.name.clone(), remedy);
    }

    /// A document.
    ///
    /// # Errors
    /// Where there is none of this name.
    pub fn remedy(&self, name: &str) -> Result<&Remedy, RemediationError> {
        self.remedies
            .get(name)
            .ok_or_else(|| RemediationError::NoDocument {
                name: name.to_owned(),
            })
    }

    /// All documents, by name.
    pub fn remedies(&self) -> impl Iterator<Item = &Remedy> {
        self.remedies.values()
    }

    /// The IAM actions that follow from a document's calls, those of documents that it executes, and its safety's.
    ///
    /// # Errors
    /// Where it executes a document that isn't there.
    pub fn actions(&self, remedy: &Remedy) -> Result<BTreeSet<String>, RemediationError> {
        let mut actions = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![remedy];
        while let Some(remedy) = open.pop() {
            if !seen.insert(&remedy.name) {
                continue;
            }
            for (service, api) in remedy.document.calls() {
                actions.extend(action(&service, &api));
            }
            for name in remedy.document.executes() {
                open.push(self.remedy(name)?);
            }
        }
        for facet in &remedy.safety.state {
            for call in facet.calls() {
                let Call { service, api, .. } = call.call();
                actions.extend(action(&service, &api));
            }
        }
        let subject = &remedy.safety.resource;
        if subject.arn.is_some() || subject.parameter.is_some() {
            actions.insert("tag:GetResources".to_owned());
        }
        Ok(actions)
    }

    /// Refuses a document that would need actions that it doesn't declare.
    ///
    /// # Errors
    /// With the actions.
    pub(super) fn check_actions(&self, remedy: &Remedy) -> Result<(), RemediationError> {
        let needed = self.actions(remedy)?;
        let undeclared: Vec<String> = needed.difference(&remedy.safety.actions).cloned().collect();
        if undeclared.is_empty() {
            return Ok(());
        }
        Err(RemediationError::Undeclared {
            document: remedy.name.clone(),
            actions: undeclared,
        })
    }
}

impl run::Library for Content {
    fn document(&self, name: &str) -> Option<&Document> {
        self.remedies.get(name).map(|remedy| &remedy.document)
    }
}

/// The parser has seen that the service and the operation are there.
fn action(service: &str, api: &str) -> Option<String> {
    let service = Service::named(service).ok()?;
    Some(action_of(service, api))
}
