//! Verdicts: a row when one changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::db::{Value, args};
use crate::{Recording, Scope, Store, StoreError, outbox, verdict_counts};

/// A rule with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EvaluatedRule {
    /// Its name.
    pub rule_name: String,
    /// AWS's identifier.
    pub source_identifier: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
}

/// A verdict of a whole evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The resource's scope, as the store files it.
    pub scope: Scope,
    /// The resource's id.
    pub resource_id: String,
    /// The rule, by its place in the list of rules.
    pub rule: usize,
    /// `COMPLIANT`, `NON_COMPLIANT`, `NOT_APPLICABLE` or `INSUFFICIENT_DATA`.
    pub compliance_type: &'static str,
}

/// A verdict that is not what it was. A first evaluation has one for each verdict, so it is kept small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictChange {
    /// Its place in the stream of verdicts; none where the resource is gone and has none.
    pub number: Option<u64>,
    /// Why; empty until the caller says.
    pub reason: String,
    resource: i64,
    rule: i64,
    superseded: Option<i64>,
    before: Option<Box<str>>,
    compliance_type: &'static str,
    scope: Arc<Scope>,
    resource_id: Box<str>,
    rule_name: Arc<str>,
}

/// `superseded_at` of a verdict that stands.
const STANDS: i64 = i64::MAX;

/// Verdicts compared at a time.
const PAGE: usize = 4096;

/// Changes in one transaction.
const CHANGES: usize = 1000;

/// What stands on one resource: its number, and by rule the verdict's number and type.
type Standing = HashMap<String, (i64, HashMap<i64, (i64, String)>)>;

impl Store {
    /// Compares a whole evaluation of everything that is recorded with the verdicts that stand.
    /// `verdicts` are sorted by account, Region, type and id. Those on what is not recorded are
    /// left out; a resource that is gone is `NOT_APPLICABLE` to its rules, as AWS Config says it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn verdict_changes(
        &self,
        rules: &[EvaluatedRule],
        verdicts: impl Iterator<Item = Verdict>,
    ) -> Result<Vec<VerdictChange>, StoreError> {
        let ids = self.rule_ids(rules).await?;
        let names = names(rules);
        let mut changes = Vec::new();
        let mut page: Vec<(u64, Verdict)> = Vec::new();
        for (number, verdict) in (0..).zip(verdicts) {
            let is_other = page
                .last()
                .is_some_and(|(_, last)| last.scope != verdict.scope);
            let is_full = page.len() >= PAGE
                && page
                    .last()
                    .is_some_and(|(_, last)| last.resource_id != verdict.resource_id);
            if is_other || is_full {
                self.compare(&names, &ids, &page, &mut changes).await?;
                page.clear();
            }
            page.push((number, verdict));
        }
        self.compare(&names, &ids, &page, &mut changes).await?;
        self.compare_deleted(&names, &ids, &mut changes).await?;
        changes.shrink_to_fit();
        Ok(changes)
    }

    /// Verdicts on resources of one scope, sorted by id.
    async fn compare(
        &self,
        names: &[Arc<str>],
        ids: &[i64],
        page: &[(u64, Verdict)],
        changes: &mut Vec<VerdictChange>,
    ) -> Result<(), StoreError> {
        let (Some((_, first)), Some((_, last))) = (page.first(), page.last()) else {
            return Ok(());
        };
        let standing = self
            .standing(&first.scope, &first.resource_id, &last.resource_id)
            .await?;
        let scope = Arc::new(first.scope.clone());
        for (number, verdict) in page {
            let (Some((resource, known)), Some(name), Some(id)) = (
                standing.get(&verdict.resource_id),
                names.get(verdict.rule),
                ids.get(verdict.rule),
            ) else {
                continue;
            };
            let before = known.get(id);
            if before.is_some_and(|(_, before)| before == verdict.compliance_type) {
                continue;
            }
            changes.push(VerdictChange {
                number: Some(*number),
                reason: String::new(),
                resource: *resource,
                rule: *id,
                superseded: before.map(|(verdict, _)| *verdict),
                before: before.map(|(_, before)| before.as_str().into()),
                compliance_type: verdict.compliance_type,
                scope: Arc::clone(&scope),
                resource_id: verdict.resource_id.as_str().into(),
                rule_name: Arc::clone(name),
            });
        }
        Ok(())
    }

    async fn standing(
        &self,
        scope: &Scope,
        first: &str,
        last: &str,
    ) -> Result<Standing, StoreError> {
        let sql = "SELECT r.resource_id, r.resource, v.rule, v.verdict, v.compliance_type \
                   FROM scopes s JOIN resources r ON r.scope = s.scope \
                   LEFT JOIN verdicts v ON v.resource = r.resource AND v.superseded_at = $6 \
                   WHERE s.account_id = $1 AND s.aws_region = $2 AND s.resource_type = $3 \
                   AND r.resource_id >= $4 AND r.resource_id <= $5";
        let values = args![
            scope.account_id.as_str(),
            scope.aws_region.as_str(),
            scope.resource_type.as_str(),
            first,
            last,
            STANDS,
        ];
        let mut standing = Standing::new();
        for row in self.database().rows(sql, values).await? {
            let resource = row.int(1)?;
            let (_, verdicts) = standing
                .entry(row.text(0)?)
                .or_insert_with(|| (resource, HashMap::new()));
            if let Some(rule) = row.int_or_null(2)? {
                verdicts.insert(rule, (row.int(3)?, row.text(4)?));
            }
        }
        Ok(standing)
    }

    /// Verdicts that stand on resources that are gone.
    async fn compare_deleted(
        &self,
        names: &[Arc<str>],
        ids: &[i64],
        changes: &mut Vec<VerdictChange>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT v.verdict, v.rule, v.compliance_type, r.resource, r.resource_id, \
                   s.account_id, s.aws_region, s.resource_type \
                   FROM resources r JOIN scopes s ON s.scope = r.scope \
                   JOIN verdicts v ON v.resource = r.resource AND v.superseded_at = $1 \
                   WHERE r.head_hash IS NULL AND v.compliance_type <> 'NOT_APPLICABLE' \
                   ORDER BY s.account_id, s.aws_region, s.resource_type, r.resource_id, v.rule";
        for row in self.database().rows(sql, args![STANDS]).await? {
            let id = row.int(1)?;
            let evaluated = ids.iter().position(|known| *known == id);
            let Some(name) = evaluated.and_then(|index| names.get(index)) else {
                continue;
            };
            let scope = Scope {
                account_id: row.text(5)?,
                aws_region: row.text(6)?,
                resource_type: row.text(7)?,
            };
            changes.push(VerdictChange {
                number: None,
                reason: "the resource was deleted".to_owned(),
                resource: row.int(3)?,
                rule: id,
                superseded: Some(row.int(0)?),
                before: Some(row.text(2)?.into()),
                compliance_type: "NOT_APPLICABLE",
                scope: Arc::new(scope),
                resource_id: row.text(4)?.into(),
                rule_name: Arc::clone(name),
            });
        }
        Ok(())
    }

    /// The number of each rule, given where it has none.
    async fn rule_ids(&self, rules: &[EvaluatedRule]) -> Result<Vec<i64>, StoreError> {
        let mut fresh = self.take_ids("rule", rules.len()).await?;
        let identities: Vec<[u8; 16]> = rules.iter().map(EvaluatedRule::identity).collect();
        let mut rows = Vec::with_capacity(rules.len());
        for (rule, identity) in rules.iter().zip(&identities) {
            rows.push(args![
                fresh.next().unwrap_or_default(),
                *identity,
                rule.rule_name.as_str(),
                rule.source_identifier.as_str(),
                json!(rule.parameters).to_string(),
            ]);
        }
        let mut transaction = self.database().begin().await?;
        let into = "rules (rule, identity, rule_name, source_identifier, parameters)";
        transaction
            .insert(into, rows, "ON CONFLICT DO NOTHING")
            .await?;
        let keys = identities.iter().map(|identity| Value::from(*identity));
        let sql = "SELECT identity, rule FROM rules WHERE identity IN";
        let mut known: HashMap<[u8; 16], i64> = HashMap::new();
        for row in transaction.rows_in(sql, keys.collect()).await? {
            known.insert(row.array(0)?, row.int(1)?);
        }
        transaction.commit().await?;
        Ok(identities
            .iter()
            .map(|identity| known.get(identity).copied().unwrap_or_default())
            .collect())
    }
}

impl Recording {
    /// Writes changes of verdicts, and with each that had a verdict before an event for the outbox.
    ///
    /// # Errors
    /// Where the database fails; then the changes of some transactions before are written.
    pub async fn write_verdicts(
        &self,
        evaluated_at: Timestamp,
        changes: &[VerdictChange],
    ) -> Result<(), StoreError> {
        let store = self.store();
        let valid_from = evaluated_at.as_microsecond();
        for chunk in changes.chunks(CHANGES) {
            let ids = store.take_ids("verdict", chunk.len()).await?;
            let mut events = store.take_ids("event", chunk.len()).await?;
            let recorded_at = store.now();
            let mut transaction = self.begin().await?;
            for verdict in chunk.iter().filter_map(|change| change.superseded) {
                let sql = "UPDATE verdicts SET superseded_at = $2 WHERE verdict = $1";
                transaction
                    .execute(sql, args![verdict, recorded_at])
                    .await?;
            }
            let mut rows = Vec::with_capacity(chunk.len());
            let mut outgoing = Vec::new();
            for (id, change) in ids.zip(chunk) {
                rows.push(args![
                    id,
                    change.resource,
                    change.rule,
                    valid_from,
                    recorded_at,
                    STANDS,
                    change.compliance_type,
                    change.reason.as_str(),
                    self.id(),
                ]);
                if change.before.is_some() {
                    let detail = change.event();
                    let event = events.next().unwrap_or_default();
                    let name = "Config Rules Compliance Change";
                    outgoing.push(outbox::row(event, name, detail, recorded_at));
                }
            }
            let into = "verdicts (verdict, resource, rule, valid_from, recorded_at, \
                        superseded_at, compliance_type, reason, run)";
            transaction.insert(into, rows, "").await?;
            let written = chunk
                .iter()
                .map(|change| (change.resource, change.rule, change.compliance_type));
            verdict_counts::add(&mut transaction, valid_from, written).await?;
            transaction.insert(outbox::COLUMNS, outgoing, "").await?;
            transaction.commit().await?;
        }
        Ok(())
    }
}

impl VerdictChange {
    /// The verdict before; none where there was none.
    pub fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    /// The verdict since.
    pub fn compliance_type(&self) -> &'static str {
        self.compliance_type
    }

    /// The rule and the resource, for a person.
    pub fn about(&self) -> String {
        let Scope {
            account_id,
            aws_region,
            resource_type,
        } = &*self.scope;
        let (rule, id) = (&self.rule_name, &self.resource_id);
        format!("{rule} {account_id}/{aws_region} {resource_type} {id}")
    }

    /// AWS Config's own detail, with the results before, where there was one, and since.
    pub fn event(&self) -> serde_json::Value {
        let mut detail = json!({
            "awsAccountId": self.scope.account_id,
            "awsRegion": self.scope.aws_region,
            "configRuleName": &*self.rule_name,
            "resourceId": self.resource_id,
            "resourceType": self.scope.resource_type,
        });
        if let Some(members) = detail.as_object_mut() {
            let annotation = self.reason.as_str();
            let since = json!({"complianceType": self.compliance_type, "annotation": annotation});
            members.insert("newEvaluationResult".to_owned(), since);
            if let Some(before) = &self.before {
                let before = json!({"complianceType": before});
                members.insert("oldEvaluationResult".to_owned(), before);
            }
        }
        detail
    }
}

impl EvaluatedRule {
    fn identity(&self) -> [u8; 16] {
        let mut hash = Sha256::new();
        let mut add = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        };
        add("posture.rule/v1");
        add(&self.rule_name);
        add(&self.source_identifier);
        for (name, value) in &self.parameters {
            add(name);
            add(value);
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut identity = [0; 16];
        identity.copy_from_slice(digest.split_at(16).0);
        identity
    }
}

fn names(rules: &[EvaluatedRule]) -> Vec<Arc<str>> {
    let names = rules.iter().map(|rule| rule.rule_name.as_str().into());
    names.collect()
}
