//! Both documents as files.

use std::collections::BTreeMap;

use posture_content::frameworks::Framework;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::ids::Ids;
use super::{plan, results};
use crate::assessment::Assessment;
use crate::control_history::{ControlHistory, Evidence};
use crate::error::AuditError;
use crate::verdict_root::hex;

/// A version of OSCAL; its tools refuse others' minor versions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OscalVersion {
    /// 1.1.2.
    V1_1_2,
    /// 1.1.3.
    #[default]
    V1_1_3,
    /// 1.2.1.
    V1_2_1,
}

/// One of the two documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OscalFile {
    /// The assessment-plan: what is tested, and how.
    AssessmentPlan,
    /// The assessment-results: what came of it.
    AssessmentResults,
}

/// Both documents.
#[derive(Debug)]
pub(crate) struct Rendered {
    pub(crate) plan: Vec<u8>,
    pub(crate) results: Vec<u8>,
}

impl OscalVersion {
    /// As documents spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            OscalVersion::V1_1_2 => "1.1.2",
            OscalVersion::V1_1_3 => "1.1.3",
            OscalVersion::V1_2_1 => "1.2.1",
        }
    }
}

impl OscalFile {
    /// Its path in a package.
    pub fn path(self) -> &'static str {
        match self {
            OscalFile::AssessmentPlan => "oscal/assessment-plan.json",
            OscalFile::AssessmentResults => "oscal/assessment-results.json",
        }
    }
}

/// Writes both. `files` are the package's other files, by path, with their SHA-256 in hex;
/// `population_of` names those of rules.
///
/// # Errors
/// Where something can't be written as JSON.
pub(crate) fn render(
    framework: &Framework,
    assessment: &Assessment,
    evidence: &Evidence,
    histories: &[ControlHistory<'_>],
    files: &BTreeMap<String, String>,
    population_of: &dyn Fn(&crate::rule_history::RuleHistory) -> String,
    version: OscalVersion,
) -> Result<Rendered, AuditError> {
    let ids = Ids::of(assessment)?;
    let plan = plan::plan(framework, assessment, &ids, version)?;
    let plan_text = text("assessment-plan", &plan)?;
    let told = results::Told {
        framework,
        assessment,
        evidence,
        histories,
        files,
        population_of,
        ids,
        plan: (plan.uuid, hex(&Sha256::digest(&plan_text))),
        version,
    };
    Ok(Rendered {
        plan: plan_text,
        results: text("assessment-results", &told.results()?)?,
    })
}

fn text(root: &str, document: &impl Serialize) -> Result<Vec<u8>, AuditError> {
    let mut text = serde_json::to_vec_pretty(&BTreeMap::from([(root, document)]))?;
    text.push(b'\n');
    Ok(text)
}
