//! Both documents as files.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};

use posture_content::frameworks::Framework;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::ids::Ids;
use super::{plan, results};
use crate::assessment::Assessment;
use crate::control_history::{ControlHistory, Evidence};
use crate::error::AuditError;
use crate::rule_history::RuleHistory;
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

/// What both documents are made of.
pub(crate) struct Rendering<'r> {
    pub(crate) framework: &'r Framework,
    pub(crate) assessment: &'r Assessment,
    pub(crate) evidence: &'r Evidence,
    pub(crate) histories: &'r [ControlHistory<'r>],
    /// The package's other files, by path, with their SHA-256 in hex.
    pub(crate) files: &'r BTreeMap<String, String>,
    /// Names the files of rules.
    pub(crate) population_of: &'r dyn Fn(&RuleHistory) -> String,
    pub(crate) version: OscalVersion,
}

/// Writes both. The results name each failure of each resource, and go straight into `open`'s file: as one
/// text they would be most of an export's memory.
///
/// # Errors
/// Where a file can't be written.
pub(crate) fn render(
    of: &Rendering<'_>,
    open: &mut dyn FnMut(OscalFile) -> std::io::Result<File>,
) -> Result<(), AuditError> {
    let ids = Ids::of(of.assessment)?;
    let plan = plan::plan(of.framework, of.assessment, &ids, of.version)?;
    let mut plan_text = Vec::new();
    write("assessment-plan", &plan, &mut plan_text)?;
    open(OscalFile::AssessmentPlan)?.write_all(&plan_text)?;
    let told = results::Told {
        of,
        ids,
        plan: (plan.uuid, hex(&Sha256::digest(&plan_text))),
    };
    let mut out = BufWriter::new(open(OscalFile::AssessmentResults)?);
    write("assessment-results", &told.results()?, &mut out)?;
    out.flush()?;
    Ok(())
}

fn write(root: &str, document: &impl Serialize, out: &mut impl Write) -> Result<(), AuditError> {
    serde_json::to_writer_pretty(&mut *out, &BTreeMap::from([(root, document)]))?;
    out.write_all(b"\n")?;
    Ok(())
}
