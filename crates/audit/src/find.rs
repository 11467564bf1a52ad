//! Finding evidence: verdicts by control, rule, resource, place, verdict and time, one by one or in
//! groups. A record is a verdict that became another one than before; it holds until the next one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use posture_content::frameworks::{Control, Framework};
use posture_rules::catalogue;
use posture_store::Store;
use serde::Serialize;

use crate::error::AuditError;
use crate::find_condition::Wanted;
use crate::period::day;
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

/// By what records are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// The controls of a framework that the rule decides about: a record counts for each.
    Control,
    /// The account.
    Account,
    /// The rule.
    Rule,
    /// The day, in UTC.
    Day,
}

/// How many records of a group said what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundGroup {
    /// What they have in common.
    pub group: String,
    /// All of them.
    pub records: u64,
    /// Those that say COMPLIANT.
    pub compliant: u64,
    /// Those that say NON_COMPLIANT.
    pub non_compliant: u64,
    /// Those that say NOT_APPLICABLE.
    pub not_applicable: u64,
    /// Those that say INSUFFICIENT_DATA.
    pub insufficient_data: u64,
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
    // The rows that are shown are looked up after they were chosen from an index.
    let sql = format!(
        "SELECT v.valid_from, (SELECT MIN(n.valid_from) FROM verdicts n WHERE n.resource = v.resource \
         AND n.rule = v.rule AND n.valid_from > v.valid_from), v.compliance_type, u.rule_name, u.parameters, \
         s.account_id, s.aws_region, s.resource_type, r.resource_id, r.arn, v.reason, v.run, q.leaf \
         FROM (SELECT verdict FROM verdicts v WHERE {} ORDER BY v.valid_from DESC, v.verdict DESC \
         LIMIT $1) c \
         JOIN verdicts v ON v.verdict = c.verdict JOIN rules u ON u.rule = v.rule \
         JOIN resources r ON r.resource = v.resource JOIN scopes s ON s.scope = r.scope \
         LEFT JOIN audit_runs a ON a.run = v.run LEFT JOIN audit_queue q ON q.entry = a.entry \
         ORDER BY v.valid_from DESC, v.verdict DESC",
        wanted.condition
    );
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
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

/// Counts records by what they have in common, sorted by that. `framework` says what controls are.
///
/// # Errors
/// Where the state fails, or is damaged.
pub async fn find_groups(
    store: &Store,
    sought: &Sought,
    by: GroupBy,
    framework: Option<&Framework>,
) -> Result<Vec<FoundGroup>, AuditError> {
    let Some(wanted) = Wanted::resolve(store, sought).await? else {
        return Ok(Vec::new());
    };
    // Each in the order of an index, so that nothing has to be sorted.
    let key = match by {
        GroupBy::Control | GroupBy::Rule => "v.rule",
        GroupBy::Account => "v.resource",
        GroupBy::Day => "v.valid_from",
    };
    let sql = format!(
        "SELECT {key}, COUNT(*), \
         SUM(CASE WHEN v.compliance_type = 'COMPLIANT' THEN 1 ELSE 0 END), \
         SUM(CASE WHEN v.compliance_type = 'NON_COMPLIANT' THEN 1 ELSE 0 END), \
         SUM(CASE WHEN v.compliance_type = 'NOT_APPLICABLE' THEN 1 ELSE 0 END), \
         SUM(CASE WHEN v.compliance_type = 'INSUFFICIENT_DATA' THEN 1 ELSE 0 END) \
         FROM verdicts v WHERE {} GROUP BY {key}",
        wanted.condition
    );
    let names = Names::load(store, by, framework).await?;
    let mut groups: BTreeMap<String, FoundGroup> = BTreeMap::new();
    for row in store.database().rows(&sql, args![]).await? {
        let count = |place| -> Result<u64, AuditError> {
            Ok(u64::try_from(row.int(place)?).unwrap_or_default())
        };
        let counts = [count(1)?, count(2)?, count(3)?, count(4)?, count(5)?];
        for name in names.of(row.int(0)?) {
            let [
                records,
                compliant,
                non_compliant,
                not_applicable,
                insufficient_data,
            ] = counts;
            let group = groups.entry(name).or_default();
            group.records += records;
            group.compliant += compliant;
            group.non_compliant += non_compliant;
            group.not_applicable += not_applicable;
            group.insufficient_data += insufficient_data;
        }
    }
    let named = groups.into_iter().map(|(name, group)| FoundGroup {
        group: name,
        ..group
    });
    Ok(named.collect())
}

/// What the numbers of groups are called.
enum Names {
    Listed(HashMap<i64, Vec<String>>),
    Days,
}

impl Names {
    async fn load(
        store: &Store,
        by: GroupBy,
        framework: Option<&Framework>,
    ) -> Result<Names, AuditError> {
        let mut names: HashMap<i64, Vec<String>> = HashMap::new();
        match by {
            GroupBy::Day => return Ok(Names::Days),
            GroupBy::Account => {
                let sql = "SELECT r.resource, s.account_id FROM resources r \
                           JOIN scopes s ON s.scope = r.scope";
                for row in store.database().rows(sql, args![]).await? {
                    names.insert(row.int(0)?, vec![row.text(1)?]);
                }
            }
            GroupBy::Rule | GroupBy::Control => {
                let sql = "SELECT rule, rule_name, source_identifier FROM rules";
                for row in store.database().rows(sql, args![]).await? {
                    let identifier = row.text(2)?;
                    let of_rule = match framework.filter(|_| by == GroupBy::Control) {
                        None => vec![row.text(1)?],
                        Some(framework) => framework
                            .controls
                            .iter()
                            .filter(|control| {
                                deciding(std::iter::once(*control)).contains(&identifier)
                            })
                            .map(|control| control.id.clone())
                            .collect(),
                    };
                    names.insert(row.int(0)?, of_rule);
                }
            }
        }
        Ok(Names::Listed(names))
    }

    fn of(&self, number: i64) -> Vec<String> {
        match self {
            Names::Listed(names) => names.get(&number).cloned().unwrap_or_default(),
            Names::Days => {
                let date: Date = day(time(number));
                vec![date.to_string()]
            }
        }
    }
}
