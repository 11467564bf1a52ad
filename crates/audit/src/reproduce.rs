//! A past run, rebuilt from what is stored: the items and coverage as they were known then, the rules
//! with their parameters, and the verdicts that exceptions took out of the count.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use posture_content::packs::{Pack, PackRule};
use posture_engine::Scan;
use posture_store::Store;
use serde::Serialize;

use crate::error::AuditError;
use crate::run_document::{RunDocument, scope};
use crate::run_record::root_with;
use crate::schema::{args, time};

/// A run that was recorded.
#[derive(Debug, Clone)]
pub struct PastRun {
    /// Its number.
    pub run: i64,
    /// Its clock.
    pub evaluated_at: Timestamp,
    /// When it was recorded: what became known later, it did not see.
    pub recorded_at: Timestamp,
    /// The root over all its verdicts, hex.
    pub verdict_root: String,
    /// How many verdicts.
    pub verdicts: i64,
    /// Its record in the evidence log, where there is one.
    pub log_record: Option<i64>,
    /// SHA-256 of its document, hex.
    pub document_sha256: String,
    /// What it evaluated.
    pub document: RunDocument,
}

/// A verdict that is another one when it is rebuilt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The account.
    pub account_id: String,
    /// The Region.
    pub aws_region: String,
    /// The type.
    pub resource_type: String,
    /// The id.
    pub resource_id: String,
    /// The rule.
    pub rule_name: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
    /// The verdict that was recorded; none where none was.
    pub recorded: Option<String>,
    /// The verdict now; none where there is none.
    pub rebuilt: Option<String>,
}

/// A run that was rebuilt.
#[derive(Debug, Clone)]
pub struct Rebuilt {
    /// The root over all its verdicts, hex.
    pub verdict_root: String,
    /// How many verdicts.
    pub verdicts: u32,
    /// Verdicts that are others; empty where the roots are the same.
    pub differences: Vec<Difference>,
    /// Where the roots differ: verdicts on what is not recorded, such as an account as a whole. The
    /// root covers them; singly they are not kept, so nothing can be said of each.
    pub not_kept: usize,
}

impl PastRun {
    /// The run with this number.
    ///
    /// # Errors
    /// Where there is none, or the state fails or is damaged.
    pub async fn load(store: &Store, run: i64) -> Result<PastRun, AuditError> {
        let sql = "SELECT r.evaluated_at, r.recorded_at, r.verdict_root, r.verdicts, q.leaf, r.document \
                   FROM audit_runs r LEFT JOIN audit_queue q ON q.entry = r.entry WHERE r.run = $1";
        let rows = store.database().rows(sql, args![run]).await?;
        let row = rows.first().ok_or(AuditError::NoRun { run })?;
        let document_sha256 = row.text(5)?;
        Ok(PastRun {
            run,
            evaluated_at: time(row.int(0)?),
            recorded_at: time(row.int(1)?),
            verdict_root: row.text(2)?,
            verdicts: row.int(3)?,
            log_record: row.int_or_null(4)?,
            document: RunDocument::load(store, &document_sha256).await?,
            document_sha256,
        })
    }

    /// Its rules, as one pack to evaluate.
    pub fn pack(&self) -> Pack {
        let rules = self.document.rules.iter().map(|rule| PackRule {
            name: rule.rule_name.clone(),
            owner: "AWS".to_owned(),
            identifier: rule.source_identifier.clone(),
            parameters: rule.parameters.clone(),
            types: rule.types.clone(),
            resource_id: rule.resource_id.clone(),
            tag_key: rule.tag_key.clone(),
            tag_value: rule.tag_value.clone(),
            ..PackRule::default()
        });
        Pack {
            name: format!("run-{}", self.run),
            template: String::new(),
            rules: rules.collect(),
            remediations: Vec::new(),
        }
    }

    /// Compares a scan of [`PastRun::pack`], without exceptions, on what was known then.
    ///
    /// # Errors
    /// Where the state fails, or is damaged.
    pub async fn compare(&self, store: &Store, scan: &Scan<'_>) -> Result<Rebuilt, AuditError> {
        let (verdict_root, verdicts) = self.root(scan);
        let (differences, not_kept) = if verdict_root == self.verdict_root {
            (Vec::new(), 0)
        } else {
            self.differences(store, scan).await?
        };
        Ok(Rebuilt {
            verdict_root,
            verdicts,
            differences,
            not_kept,
        })
    }

    /// The root as [`crate::verdict_root`] makes it, with the dispositions that the document has.
    fn root(&self, scan: &Scan<'_>) -> (String, u32) {
        let mut uncounted: HashMap<[&str; 6], &str> = HashMap::new();
        let parameters: Vec<String> = self
            .document
            .rules
            .iter()
            .map(|rule| serde_json::json!(rule.parameters).to_string())
            .collect();
        for one in &self.document.exceptions {
            let place = one.rule as usize;
            let rule = self.document.rules.get(place);
            let (Some(rule), Some(parameters)) = (rule, parameters.get(place)) else {
                continue;
            };
            let key = [
                rule.rule_name.as_str(),
                parameters,
                &one.account_id,
                &one.aws_region,
                &one.resource_type,
                &one.resource_id,
            ];
            uncounted.insert(key, &one.disposition);
        }
        root_with(scan, |outline, scope, parameters| {
            let key = [
                outline.rule.rule_name.as_str(),
                parameters,
                &scope.account_id,
                &scope.aws_region,
                &scope.resource_type,
                outline.resource_id,
            ];
            let recorded = uncounted.get(&key).copied();
            recorded.unwrap_or_else(|| outline.disposition.as_str())
        })
    }

    async fn differences(
        &self,
        store: &Store,
        scan: &Scan<'_>,
    ) -> Result<(Vec<Difference>, usize), AuditError> {
        let mut recorded = self.recorded(store).await?;
        let known = known(store).await?;
        let (mut differences, mut not_kept) = (Vec::new(), 0);
        for outline in scan.outlines() {
            let scope = scope(&outline);
            let mut one = Difference {
                account_id: scope.account_id,
                aws_region: scope.aws_region,
                resource_type: scope.resource_type,
                resource_id: outline.resource_id.to_owned(),
                rule_name: outline.rule.rule_name.clone(),
                parameters: outline.rule.parameters.clone(),
                recorded: None,
                rebuilt: None,
            };
            if !known.contains(&place(&one)) {
                not_kept += 1;
                continue;
            }
            let before = recorded.remove(&one);
            let now = outline.compliance_type.as_str();
            if before.as_deref() != Some(now) {
                one.recorded = before;
                one.rebuilt = Some(now.to_owned());
                differences.push(one);
            }
        }
        // What was gone by then has a verdict all the same: NOT_APPLICABLE, as AWS Config says it.
        let left = recorded
            .into_iter()
            .filter(|(_, verdict)| verdict != "NOT_APPLICABLE");
        differences.extend(left.map(|(one, verdict)| Difference {
            recorded: Some(verdict),
            ..one
        }));
        differences.sort();
        Ok((differences, not_kept))
    }

    /// Verdicts that stood after the run, each by a difference that has no verdicts yet. What the run
    /// superseded was so only when it was recorded: of two, the later one stands.
    async fn recorded(&self, store: &Store) -> Result<BTreeMap<Difference, String>, AuditError> {
        let sql = "SELECT s.account_id, s.aws_region, s.resource_type, r.resource_id, u.rule_name, \
                   u.parameters, v.compliance_type, u.source_identifier \
                   FROM verdicts v JOIN resources r ON r.resource = v.resource \
                   JOIN scopes s ON s.scope = r.scope JOIN rules u ON u.rule = v.rule \
                   WHERE v.valid_from <= $1 AND v.superseded_at > $2 \
                   ORDER BY v.valid_from, v.verdict";
        let at = self.evaluated_at.as_microsecond();
        let mut recorded = BTreeMap::new();
        for row in store.database().rows(sql, args![at, at]).await? {
            let parameters: BTreeMap<String, String> = serde_json::from_str(&row.text(5)?)
                .map_err(|_| AuditError::Damaged {
                    what: "a rule's parameters".to_owned(),
                })?;
            let rule_name = row.text(4)?;
            let identifier = row.text(7)?;
            // A rule that this run did not evaluate has the verdicts of an earlier one.
            let is_evaluated = self.document.rules.iter().any(|rule| {
                rule.rule_name == rule_name
                    && rule.source_identifier == identifier
                    && rule.parameters == parameters
            });
            if !is_evaluated {
                continue;
            }
            let one = Difference {
                account_id: row.text(0)?,
                aws_region: row.text(1)?,
                resource_type: row.text(2)?,
                resource_id: row.text(3)?,
                rule_name,
                parameters,
                recorded: None,
                rebuilt: None,
            };
            recorded.insert(one, row.text(6)?);
        }
        Ok(recorded)
    }
}

/// Account, Region, type and id of a resource.
type Place = [String; 4];

fn place(one: &Difference) -> Place {
    [
        one.account_id.clone(),
        one.aws_region.clone(),
        one.resource_type.clone(),
        one.resource_id.clone(),
    ]
}

/// Every resource that was ever recorded.
async fn known(store: &Store) -> Result<HashSet<Place>, AuditError> {
    let sql = "SELECT s.account_id, s.aws_region, s.resource_type, r.resource_id \
               FROM resources r JOIN scopes s ON s.scope = r.scope";
    let mut known = HashSet::new();
    for row in store.database().rows(sql, args![]).await? {
        known.insert([row.text(0)?, row.text(1)?, row.text(2)?, row.text(3)?]);
    }
    Ok(known)
}
