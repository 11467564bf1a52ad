//! What a run evaluated, as a document: the rules with their parameters, the packs, what could not be
//! listed, and the failures that an exception covers. Runs that evaluated the same share one.

use std::collections::{BTreeMap, BTreeSet};

use posture_engine::{Disposition, Outline, Scan, ScanError};
use posture_model::ResourceType;
use posture_store::{CoverageRow, Store};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::AuditError;
use crate::schema::{Statement, args};
use crate::verdict_root::hex;

/// Media type of the document as a record's body.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.posture.scan-run+json";

/// zstd's level: the documents are JSON, and written once.
const LEVEL: i32 = 3;
/// No document is longer; what says it is was not written by us.
const MAX_BYTES: usize = 1 << 30;

/// What a run evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunDocument {
    /// Version of Posture, and so of all its rules.
    pub posture: String,
    /// Packs, in the order in which they were deployed.
    pub packs: Vec<PackVersion>,
    /// Rules with their parameters, by name and parameters.
    pub rules: Vec<RuleVersion>,
    /// Accounts of which something was recorded, sorted.
    pub accounts: Vec<String>,
    /// What could not be listed or read, by place.
    pub gaps: Vec<Gap>,
    /// Verdicts that do not count, by rule and resource.
    pub exceptions: Vec<Uncounted>,
    /// The types whose change was the reason, and those that the rules read beside them, where the
    /// run was not of everything: then packs and rules are only those that read them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limited_to: Vec<String>,
}

/// A pack as it was deployed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PackVersion {
    /// Its name.
    pub name: String,
    /// SHA-256 over the names, identifiers and parameters of its rules, hex.
    pub sha256: String,
}

/// A rule as it was deployed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleVersion {
    /// Its name.
    pub rule_name: String,
    /// AWS's identifier.
    pub source_identifier: String,
    /// Its parameters, as resolved.
    pub parameters: BTreeMap<String, String>,
    /// The types to which it was narrowed, where it was.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// The resource to which it was narrowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_id: Option<String>,
    /// The tag to which it was narrowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag_key: Option<String>,
    /// The value of that tag, where it had to have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag_value: Option<String>,
}

/// A listing, or a fact of one, that could not be read when the run looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gap {
    /// The account.
    pub account_id: String,
    /// The Region.
    pub aws_region: String,
    /// The type; empty where the Region as a whole is meant.
    pub resource_type: String,
    /// The place of the items; empty for the listing itself.
    pub fact: String,
    /// `denied`, `throttled` and so on.
    pub state: String,
    /// The IAM action that was missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denied_action: Option<String>,
}

/// A verdict that an exception, or who made the resource, takes out of the count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Uncounted {
    /// The rule, by its place in [`RunDocument::rules`].
    pub rule: u32,
    /// The account.
    pub account_id: String,
    /// The Region, as the store files it.
    pub aws_region: String,
    /// The type.
    pub resource_type: String,
    /// The id.
    pub resource_id: String,
    /// `excluded`, `suppressed` or `risk-accepted`.
    pub disposition: String,
    /// The exception; none where the resource is somebody else's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exception: Option<ExceptionInForce>,
}

/// An exception, as it was when the run applied it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExceptionInForce {
    /// Its name.
    pub name: String,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// Its last day.
    pub expires: String,
}

impl RunDocument {
    /// What this scan evaluated, with the coverage that the state has of its time.
    ///
    /// # Errors
    /// Where an input has changed since it was scanned.
    pub fn of(scan: &Scan<'_>, coverage: &[CoverageRow]) -> Result<RunDocument, ScanError> {
        let rules = scan
            .rules
            .iter()
            .map(|rule| RuleVersion {
                rule_name: rule.rule_name.clone(),
                source_identifier: rule.source_identifier.clone(),
                parameters: rule.parameters.clone(),
                types: rule.limits.types.clone(),
                resource_id: rule.limits.resource_id.clone(),
                tag_key: rule.limits.tag_key.clone(),
                tag_value: rule.limits.tag_value.clone(),
            })
            .collect();
        let packs = scan.packs.iter().map(|pack| PackVersion {
            name: pack.name.clone(),
            sha256: pack_hash(scan, &pack.name),
        });
        let mut accounts: Vec<String> = scan.accounts().map(str::to_owned).collect();
        accounts.sort();
        accounts.dedup();
        let gaps = coverage
            .iter()
            .filter(|row| row.coverage.state != posture_model::CoverageState::Complete)
            .map(|row| Gap {
                account_id: row.scope.account_id.clone(),
                aws_region: row.scope.aws_region.clone(),
                resource_type: row.scope.resource_type.clone(),
                fact: row.coverage.fact.clone(),
                state: row.coverage.state.as_str().to_owned(),
                denied_action: row.coverage.denied_action.clone(),
            })
            .collect();
        Ok(RunDocument {
            posture: env!("CARGO_PKG_VERSION").to_owned(),
            packs: packs.collect(),
            rules,
            accounts,
            gaps,
            exceptions: uncounted(scan)?,
            limited_to: Vec::new(),
        })
    }

    /// Says that the run was of these types only.
    pub fn limit_to(&mut self, types: &BTreeSet<ResourceType>) {
        self.limited_to = types.iter().map(|one| one.as_str().to_owned()).collect();
        self.limited_to.sort();
        let is_read = |gap: &Gap| {
            gap.resource_type.is_empty() || self.limited_to.contains(&gap.resource_type)
        };
        self.gaps.retain(is_read);
    }

    /// Its text, RFC 8785, and the SHA-256 of that in hex.
    ///
    /// # Errors
    /// Where it can't be written as JSON.
    pub fn to_text(&self) -> Result<(Vec<u8>, String), AuditError> {
        let text = serde_json_canonicalizer::to_vec(self)?;
        let sha256 = hex(&Sha256::digest(&text));
        Ok((text, sha256))
    }

    /// The document with this hash.
    ///
    /// # Errors
    /// Where the state fails, has none, or holds another one under this hash.
    pub async fn load(store: &Store, sha256: &str) -> Result<RunDocument, AuditError> {
        let text = text(store, sha256).await?;
        serde_json::from_slice(&text).map_err(|_| damaged(sha256))
    }
}

fn damaged(sha256: &str) -> AuditError {
    AuditError::Damaged {
        what: format!("the run document {sha256}"),
    }
}

/// The text of a document that is kept.
///
/// # Errors
/// Where it is not there, or is not what was kept.
pub(crate) async fn text(store: &Store, sha256: &str) -> Result<Vec<u8>, AuditError> {
    let damaged = || damaged(sha256);
    let sql = "SELECT size, content FROM audit_documents WHERE sha256 = $1";
    let rows = store.database().rows(sql, args![sha256]).await?;
    let row = rows.first().ok_or_else(damaged)?;
    let size = usize::try_from(row.int(0)?).map_err(|_| damaged())?;
    let text = zstd::bulk::decompress(&row.bytes(1)?, size.min(MAX_BYTES))?;
    if hex(&Sha256::digest(&text)) != sha256 {
        return Err(damaged());
    }
    Ok(text)
}

/// The statement that keeps a document's text, where it is not kept yet.
pub(crate) fn keep(text: &[u8], sha256: &str) -> Result<Statement, AuditError> {
    let size = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let content = zstd::bulk::compress(text, LEVEL)?;
    let sql = "INSERT INTO audit_documents (sha256, size, content) VALUES ($1, $2, $3) \
               ON CONFLICT DO NOTHING";
    Ok((sql.to_owned(), args![sha256, size, content]))
}

fn pack_hash(scan: &Scan<'_>, name: &str) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    add(name);
    let of_pack = |rule: &&posture_engine::RuleResult| rule.packs.iter().any(|pack| pack == name);
    for rule in scan.rules.iter().filter(of_pack) {
        add(&rule.rule_name);
        add(&rule.source_identifier);
        for (name, value) in &rule.parameters {
            add(name);
            add(value);
        }
    }
    hex(&hash.finalize())
}

fn uncounted(scan: &Scan<'_>) -> Result<Vec<Uncounted>, ScanError> {
    let is_uncounted = |outline: &Outline<'_>| outline.disposition != Disposition::Counted;
    let mut all: Vec<Uncounted> = scan
        .outlines()
        .filter(is_uncounted)
        .map(|outline| Uncounted {
            rule: outline.rule_index,
            account_id: outline.account_id.to_owned(),
            aws_region: scope(&outline).aws_region,
            resource_type: outline.resource_type.to_owned(),
            resource_id: outline.resource_id.to_owned(),
            disposition: outline.disposition.as_str().to_owned(),
            exception: None,
        })
        .collect();
    let exceptions = scan.collect_rows(&is_uncounted, &|row| {
        row.exception.map(|exception| ExceptionInForce {
            name: exception.name.clone(),
            owner: exception.owner.clone(),
            reason: exception.reason.clone(),
            expires: exception.expires.to_string(),
        })
    })?;
    for (one, exception) in all.iter_mut().zip(exceptions) {
        one.exception = exception;
    }
    all.sort();
    Ok(all)
}

/// The scope as the store files it: global types have no Region.
pub(crate) fn scope(outline: &Outline<'_>) -> posture_store::Scope {
    posture_store::Scope::new(
        outline.account_id,
        outline.aws_region,
        outline.resource_type,
    )
}
