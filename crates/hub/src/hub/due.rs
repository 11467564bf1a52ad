//! Of which accounts scores are due, and what they are computed from.

use std::collections::{BTreeMap, BTreeSet};

use posture_content::standards::Standards;
use posture_store::sql::{Transaction, Value};
use sha2::{Digest as _, Sha256};

use super::controls::{Counts, SUMS, TOTALS, counted};
use super::settings::set_in;
use super::{Hub, args};
use crate::HubError;

/// The setting that says by which standards the scores were computed.
const BY: &str = "scored-by";

/// Accounts that are read one by one; of more, everything is.
const FEW: usize = 16;

/// What is to be computed.
pub(super) struct Due {
    /// The accounts, in order.
    pub(super) accounts: BTreeSet<String>,
    /// Whether that is all of them.
    is_all: bool,
    /// By which standards all was computed last, where these are others.
    by: Option<String>,
}

impl Hub {
    /// What is to be computed; none where nothing changed.
    pub(super) async fn due(&self) -> Result<Option<Due>, HubError> {
        let by = fingerprint(self.standards);
        let known: Option<String> = self.setting(BY).await?;
        let by = (known.as_ref() != Some(&by)).then_some(by);
        let sql = "SELECT account_id FROM unscored";
        let rows = self.store.database().rows(sql, args![]).await?;
        let accounts: Result<BTreeSet<String>, _> = rows.iter().map(|row| row.text(0)).collect();
        let mut accounts = accounts?;
        let is_all = by.is_some() || accounts.contains("");
        if accounts.is_empty() && !is_all {
            return Ok(None);
        }
        if is_all {
            let sql = "SELECT DISTINCT account_id FROM control_counts";
            for row in self.store.database().rows(sql, args![]).await? {
                accounts.insert(row.text(0)?);
            }
        }
        accounts.remove("");
        Ok(Some(Due {
            accounts,
            is_all,
            by,
        }))
    }

    /// Notes what was computed.
    pub(super) async fn done(
        &self,
        transaction: &mut Transaction,
        due: Due,
    ) -> Result<(), HubError> {
        let all = due.is_all.then(String::new);
        let accounts = due.accounts.into_iter().chain(all);
        let sql = "DELETE FROM unscored WHERE account_id IN";
        transaction
            .execute_in(sql, accounts.map(Value::from).collect())
            .await?;
        if let Some(by) = due.by {
            set_in(transaction, BY, &by).await?;
        }
        Ok(())
    }
}

/// What a score follows from beside counts and settings: the standards that this build knows.
fn fingerprint(standards: &Standards) -> String {
    let mut hash = Sha256::new();
    for standard in standards.standards() {
        for text in [&standard.name].into_iter().chain(standard.controls.keys()) {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
    }
    let digest = hash.finalize();
    let half = digest.iter().take(16);
    let half = half.fold(0_u128, |half, byte| half << 8 | u128::from(*byte));
    format!("{half:032x}")
}

/// Findings of each control, by account, and under an empty one all together.
pub(super) async fn counts_by_account(
    transaction: &mut Transaction,
    due: &Due,
) -> Result<BTreeMap<String, Counts>, HubError> {
    let mut all: BTreeMap<String, Counts> = BTreeMap::new();
    let mut totals = Counts::new();
    for row in transaction.rows(TOTALS, args![]).await? {
        totals.extend([counted(&row, 0)?]);
    }
    all.insert(String::new(), totals);
    let select = format!("SELECT account_id, control, {SUMS} FROM control_counts");
    if due.accounts.len() > FEW {
        let sql = format!("{select} GROUP BY account_id, control");
        for row in transaction.rows(&sql, args![]).await? {
            let account = row.text(0)?;
            if due.accounts.contains(&account) {
                all.entry(account).or_default().extend([counted(&row, 1)?]);
            }
        }
        return Ok(all);
    }
    let sql = format!("{select} WHERE account_id = $1 GROUP BY account_id, control");
    for account in &due.accounts {
        let mut counts = Counts::new();
        for row in transaction.rows(&sql, args![account.as_str()]).await? {
            counts.extend([counted(&row, 1)?]);
        }
        all.insert(account.clone(), counts);
    }
    Ok(all)
}
