//! What is known of a period: the calls that controls name, and on which days any were taken in.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use posture_store::{Store, sql};
use serde::Serialize;

use crate::error::AuditError;
use crate::period::{Period, day};
use crate::schema::{args, time};
use crate::scope::Scope;

/// Services whose events belong to no Region, though they name one. Source: CloudTrail user guide,
/// "Global service events"; sign-ins are told of in the Region of the page that was signed in to.
const GLOBAL: [&str; 8] = [
    "account.amazonaws.com",
    "cloudfront.amazonaws.com",
    "iam.amazonaws.com",
    "organizations.amazonaws.com",
    "route53.amazonaws.com",
    "signin.amazonaws.com",
    "sso.amazonaws.com",
    "sts.amazonaws.com",
];

/// What of a call is read, and where from.
pub(super) const COLUMNS: &str = "c.happened_at, c.event_id, c.event_name, c.event_source, \
     c.account_id, c.aws_region, c.principal, c.recorded_at, q.leaf";
pub(super) const FROM: &str = "FROM calls c \
     LEFT JOIN audit_filed_calls f ON f.event_id = c.event_id \
     LEFT JOIN audit_queue q ON q.entry = f.entry";

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// A call that CloudTrail told of. Who made it is personal data: it is in bodies, never in a leaf.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActivityRecord {
    /// When it was made.
    pub at: Timestamp,
    /// CloudTrail's id of the event.
    pub event_id: String,
    /// The operation.
    pub event_name: String,
    /// The service, such as `iam.amazonaws.com`.
    pub event_source: String,
    /// The account.
    pub account_id: String,
    /// The Region in which it was made.
    pub aws_region: String,
    /// Who: an ARN, or the service that made it.
    pub principal: String,
    /// When it became known here.
    pub collected: Timestamp,
    /// The record of the evidence log that has it, where there is one.
    pub log_record: Option<i64>,
}

/// Calls of a period.
#[derive(Debug, Clone, Default)]
pub struct Activity {
    /// By event name, each by time.
    by_name: BTreeMap<String, Vec<ActivityRecord>>,
    /// Days on which calls of any name were made that were taken in, and how many.
    days: BTreeMap<Date, u64>,
}

impl Activity {
    /// Loads what is in scope of these names.
    ///
    /// # Errors
    /// Where the state fails.
    pub async fn load(
        store: &Store,
        scope: &Scope,
        names: &BTreeSet<&str>,
    ) -> Result<Activity, AuditError> {
        let mut activity = Activity::default();
        let span = args![
            scope.period.from.as_microsecond(),
            scope.period.until.as_microsecond()
        ];
        let sql = "SELECT account_id, aws_region, event_source, happened_at / 86400000000, COUNT(*) \
                   FROM calls WHERE happened_at >= $1 AND happened_at < $2 \
                   GROUP BY account_id, aws_region, event_source, happened_at / 86400000000";
        for row in store.database().rows(sql, span.clone()).await? {
            if is_in(scope, &row.text(0)?, &row.text(1)?, &row.text(2)?) {
                let date = day(time(row.int(3)?.saturating_mul(DAY)));
                *activity.days.entry(date).or_default() += u64::try_from(row.int(4)?).unwrap_or(0);
            }
        }
        let quoted = quoted(names);
        if quoted.is_empty() {
            return Ok(activity);
        }
        let sql = format!(
            "SELECT {COLUMNS} {FROM} \
             WHERE c.event_name IN ({quoted}) AND c.happened_at >= $1 AND c.happened_at < $2 \
             ORDER BY c.happened_at, c.event_id"
        );
        for row in store.database().rows(&sql, span).await? {
            let record = read(&row)?;
            let (account, region) = (&record.account_id, &record.aws_region);
            if is_in(scope, account, region, &record.event_source) {
                let of_name = activity.by_name.entry(record.event_name.clone());
                of_name.or_default().push(record);
            }
        }
        Ok(activity)
    }

    /// The calls of these names, by time.
    pub fn of(&self, names: &[String]) -> Vec<&ActivityRecord> {
        let wanted: BTreeSet<&String> = names.iter().collect();
        let lists = wanted.into_iter().filter_map(|name| self.by_name.get(name));
        let mut found: Vec<&ActivityRecord> = lists.flatten().collect();
        found.sort();
        found
    }

    /// Changes each call.
    pub(super) fn each(&mut self, change: impl FnMut(&mut ActivityRecord)) {
        self.by_name.values_mut().flatten().for_each(change);
    }

    /// On how many days of the period calls of any name were made that were taken in.
    pub fn days_with(&self, period: &Period) -> usize {
        period
            .days()
            .filter(|date| self.days.contains_key(date))
            .count()
    }

    /// The last day of which a call is known.
    pub fn last_day(&self) -> Option<Date> {
        self.days.last_key_value().map(|(date, _)| *date)
    }
}

/// Whether a call is in scope: global services' are in every Region.
pub(crate) fn is_in(scope: &Scope, account: &str, region: &str, source: &str) -> bool {
    scope.has(account, region) || GLOBAL.contains(&source) && scope.has_account(account)
}

/// The row of a call.
pub(super) fn read(row: &sql::Row) -> Result<ActivityRecord, AuditError> {
    Ok(ActivityRecord {
        at: time(row.int(0)?),
        event_id: row.text(1)?,
        event_name: row.text(2)?,
        event_source: row.text(3)?,
        account_id: row.text(4)?,
        aws_region: row.text(5)?,
        principal: row.text(6)?,
        collected: time(row.int(7)?),
        log_record: row.int_or_null(8)?,
    })
}

/// Names as a list of SQL; what is no name of an operation names no event.
pub(super) fn quoted(names: &BTreeSet<&str>) -> String {
    let is_name = |name: &&&str| {
        name.chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '_')
    };
    let list: Vec<String> = names
        .iter()
        .filter(is_name)
        .map(|name| format!("'{name}'"))
        .collect();
    list.join(", ")
}
