//! How far AWS could be read: for machines, for people, and for the engine.

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use posture_engine::Listed;
use posture_model::{CoverageState, Reason};
use posture_recorder::{Coverage, Report};
use posture_store::CoverageRow;

use crate::output::terminal;

/// How far one fact of one listing could be read.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Coverage")]
pub(crate) struct CoverageV1<'r> {
    /// The account; empty where the accounts themselves could not be listed.
    account_id: &'r str,
    /// The Region; `global` for what has none, empty where the account as a whole is meant.
    aws_region: &'r str,
    /// The type, as AWS spells it; empty where the Region or the account as a whole is meant.
    resource_type: &'r str,
    /// The place of the items; empty for the listing itself.
    fact: &'r str,
    /// `complete`, `partial`, `denied`, `throttled`, `disabled`, `unreachable` or `unsupported`.
    state: &'static str,
    /// The IAM action that was missing.
    denied_action: Option<&'r str>,
    /// What was answered instead, for a person.
    reason: Option<&'r str>,
}

impl<'r> CoverageV1<'r> {
    pub(crate) fn all(report: &'r Report) -> Vec<CoverageV1<'r>> {
        let rows = report.coverage.iter();
        rows.map(|row| CoverageV1 {
            account_id: &row.account_id,
            aws_region: &row.aws_region,
            resource_type: row.resource_type,
            fact: &row.fact,
            state: row.state.as_str(),
            denied_action: row.denied_action.as_deref(),
            reason: row.reason.as_deref(),
        })
        .collect()
    }
}

/// Whether something that was asked for could not be read. A service that is not enabled has
/// nothing to read.
pub(crate) fn is_incomplete(report: &Report) -> bool {
    report
        .gaps()
        .any(|gap| gap.state != CoverageState::Disabled)
}

/// What the engine has to know of the listings.
pub(crate) fn listed(report: &Report) -> Vec<Listed> {
    let listings = report.coverage.iter();
    listings
        .filter(|row| row.fact.is_empty() && !row.resource_type.is_empty())
        .map(|row| Listed {
            account_id: row.account_id.clone(),
            aws_region: row.aws_region.clone(),
            resource_type: row.resource_type.to_owned(),
            gap: gap(row),
        })
        .collect()
}

/// The same, of the listings that the state remembers.
pub(crate) fn listed_of_state(rows: &[CoverageRow]) -> Vec<Listed> {
    let listings = rows.iter().filter(|row| row.coverage.fact.is_empty());
    listings
        .filter(|row| !row.scope.resource_type.is_empty())
        .map(|row| {
            let action = row.coverage.denied_action.clone().unwrap_or_default();
            Listed {
                account_id: row.scope.account_id.clone(),
                aws_region: row.scope.aws_region.clone(),
                resource_type: row.scope.resource_type.clone(),
                gap: reason(row.coverage.state, action, String::new()),
            }
        })
        .collect()
}

fn gap(row: &Coverage) -> Option<Reason> {
    let (action, code) = match row.reason.as_deref().map(|reason| reason.split_once(": ")) {
        Some(Some((action, code))) => (action.to_owned(), code.to_owned()),
        _ => (String::new(), row.reason.clone().unwrap_or_default()),
    };
    reason(row.state, action, code)
}

fn reason(state: CoverageState, action: String, code: String) -> Option<Reason> {
    match state {
        CoverageState::Complete => None,
        CoverageState::Denied => Some(Reason::Denied { action }),
        CoverageState::Throttled => Some(Reason::Throttled { action }),
        _ => Some(Reason::CallFailed { action, code }),
    }
}

/// How many kinds of gaps are told one by one.
const TOLD: usize = 20;

/// Says on stderr what was read, and loudly what was not.
pub(crate) fn say_gaps(report: &Report) -> io::Result<()> {
    let mut stderr = io::stderr().lock();
    for account in report.accounts.iter().take(TOLD) {
        let (account_id, regions) = (terminal::plain(&account.account_id), account.regions.len());
        writeln!(stderr, "AWS account {account_id}: {regions} Regions read")?;
    }
    let further = report.accounts.len().saturating_sub(TOLD);
    if further > 0 {
        writeln!(stderr, "and {further} more AWS accounts")?;
    }
    let (lines, further) = unread(report);
    for line in lines {
        writeln!(stderr, "not read: {line}")?;
    }
    if further > 0 {
        writeln!(
            stderr,
            "not read: and {further} more, in the JSON's coverage"
        )?;
    }
    Ok(())
}

/// What was not read and why, a line a kind, and how many kinds there are beside these; whole accounts
/// first, for everything else is less.
pub(crate) fn unread(report: &Report) -> (Vec<String>, usize) {
    let mut kinds: BTreeMap<(bool, String, String), usize> = BTreeMap::new();
    for gap in report.gaps() {
        let is_account = gap.aws_region.is_empty();
        let what = match (gap.resource_type, gap.fact.as_str()) {
            ("", _) if is_account && gap.account_id.is_empty() => {
                "the accounts of the organization".to_owned()
            }
            ("", _) if is_account => format!("account {}", gap.account_id),
            ("", _) => format!("Region {}", gap.aws_region),
            (resource_type, "") => resource_type.to_owned(),
            (resource_type, fact) => format!("{resource_type} {fact}"),
        };
        let reason = gap.reason.clone().unwrap_or_default();
        let why = format!("{} ({reason})", gap.state.as_str());
        *kinds.entry((!is_account, what, why)).or_default() += 1;
    }
    let further = kinds.len().saturating_sub(TOLD);
    let lines = kinds.into_iter().take(TOLD).map(|((_, what, why), count)| {
        let places = if count > 1 {
            format!(", in {count} places")
        } else {
            String::new()
        };
        let (what, why) = (terminal::plain(&what), terminal::plain(&why));
        format!("{what}: {why}{places}")
    });
    (lines.collect(), further)
}
