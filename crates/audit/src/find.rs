//! Finding evidence: verdicts by control, rule, resource, place, verdict and time. A record is a verdict that became another one than before; it holds until the next one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use posture_content::frameworks::Control;
use posture_rules::catalogue;
use posture_store::Store;
use serde::Serialize;

use crate::error::AuditError;
use crate::find_condition::Wanted;
use crate::find_newest::newest;
use crate::schema::{args, time};

/// What is looked for. What is empty narrows nothing.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// AWS's identifiers of rules; none where any rule will do.
    pub identifiers: Option<BTreeSet<String>>,
    /// A resource's id, name or ARN.
    pub resource: Option<String>,
    /// Accounts.
    pub accounts: Vec<String>,
    /// Types.
    pub types: Vec<String>,
    /// Verdicts, in AWS's words.
    pub verdicts: Vec<String>,
    /// From when on.
    pub from: Option<Timestamp>,
    /// Until before when.
    pub until: Option<Timestamp>,
}

impl Sought {
    /// Whether it is narrowed to some resources.
    pub(crate) fn is_placed(&self) -> bool {
        self.resource.is_some() || !self.accounts.is_empty() || !self.types.is_empty()
    }
}

/// A verdict that became another one than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundRecord {
    /// Since when.
    pub at: Timestamp,
    /// Until when; none where it stands.
    pub until: Option<Timestamp>,
    /// The verdict.
    pub compliance_type: String,
    /// The rule.
    pub rule_name: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
    /// The account.
    pub account_id: String,
    /// The Region.
    pub aws_region: String,
    /// The type.
    pub resource_type: String,
    /// The id.
    pub resource_id: String,
    /// The ARN.
    pub arn: Option<String>,
    /// Why.
    pub reason: String,
    /// The run that found it.
    pub run: i64,
    /// The run's record in the evidence log, where there is one.
    pub log_record: Option<i64>,
}

/// AWS's identifiers of the rules that decide about controls.
pub fn deciding<'c>(controls: impl Iterator<Item = &'c Control>) -> BTreeSet<String> {
    let mappings = controls.flat_map(|control| &control.rules);
    mappings
        .filter(|mapping| mapping.decides())
        .filter_map(|mapping| catalogue::find(&mapping.rule))
        .map(|entry| entry.rule.identifier())
        .collect()
}

/// The newest records, and whether there are more.
///
/// # Errors
/// Where the state fails, or is damaged.
pub async fn find(
    store: &Store,
    sought: &Sought,
    limit: usize,
) -> Result<(Vec<FoundRecord>, bool), AuditError> {
    let Some(wanted) = Wanted::resolve(store, sought).await? else {
        return Ok((Vec::new(), false));
    };
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let Some(newest) = newest(store, &wanted, one_more).await? else {
        return Ok((Vec::new(), false));
    };
    // The rows that are shown are looked up after they were chosen from an index.
    let sql = format!(
        "SELECT v.valid_from, (SELECT MIN(n.valid_from) FROM verdicts n WHERE n.resource = v.resource \
         AND n.rule = v.rule AND n.valid_from > v.valid_from), v.compliance_type, u.rule_name, u.parameters, \
         s.account_id, s.aws_region, s.resource_type, r.resource_id, r.arn, v.reason, v.run, q.leaf \
         FROM (SELECT v.verdict FROM {newest} ORDER BY v.valid_from DESC, v.verdict DESC LIMIT $1) c \
         JOIN verdicts v ON v.verdict = c.verdict JOIN rules u ON u.rule = v.rule \
         JOIN resources r ON r.resource = v.resource JOIN scopes s ON s.scope = r.scope \
         LEFT JOIN audit_runs a ON a.run = v.run LEFT JOIN audit_queue q ON q.entry = a.entry \
         ORDER BY v.valid_from DESC, v.verdict DESC"
    );
    let mut records = Vec::new();
    for row in store.database().rows(&sql, args![one_more]).await? {
        let until = row.int_or_null(1)?;
        let parameters = serde_json::from_str(&row.text(4)?);
        records.push(FoundRecord {
            at: time(row.int(0)?),
            until: until.map(time),
            compliance_type: row.text(2)?,
            rule_name: row.text(3)?,
            parameters: parameters.map_err(|_| AuditError::Damaged {
                what: "a rule's parameters".to_owned(),
            })?,
            account_id: row.text(5)?,
            aws_region: row.text(6)?,
            resource_type: row.text(7)?,
            resource_id: row.text(8)?,
            arn: row.text_or_null(9)?,
            reason: row.text(10)?,
            run: row.int(11)?,
            log_record: row.int_or_null(12)?,
        });
    }
    let has_more = records.len() > limit;
    records.truncate(limit);
    Ok((records, has_more))
}
