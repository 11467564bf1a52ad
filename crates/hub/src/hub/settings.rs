//! What is set for all findings: automation rules, thresholds of scores.

use posture_store::sql::Transaction;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::counts::unscored;
use super::{Hub, args};
use crate::HubError;
use crate::rules::{AutomationRule, Compiled};

const RULES: &str = "automation-rules";
const THRESHOLDS: &str = "thresholds";
const PULLED: &str = "security-hub/";
const STANDARDS: &str = "standards";

/// What every score follows from.
const SCORED_BY: [&str; 2] = [STANDARDS, THRESHOLDS];

/// Standards that are enabled where nobody said otherwise.
const ENABLED: [&str; 4] = ["cis-v5.0.0", "fsbp", "nist-800-53-r5", "pci-dss-v4.0.1"];

/// Below which score somebody is told, and below which it is an incident. For a standard and an
/// account; an empty text is every one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Thresholds {
    /// Our name of the standard.
    pub standard: String,
    /// The account.
    pub account_id: String,
    /// A score below this is an alert.
    pub alert: i64,
    /// A score below this is an incident.
    pub incident: i64,
    /// How far above its threshold a score must be to close what was opened.
    pub hysteresis: i64,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        Thresholds {
            standard: String::new(),
            account_id: String::new(),
            alert: 90,
            incident: 80,
            hysteresis: 2,
        }
    }
}

impl Thresholds {
    fn fits(&self, standard: &str, account_id: &str) -> bool {
        let fits = |set: &str, asked: &str| set.is_empty() || set == asked;
        fits(&self.standard, standard) && fits(&self.account_id, account_id)
    }

    fn check(&self) -> Result<(), HubError> {
        let is_ordered = 0 <= self.incident && self.incident <= self.alert && self.alert <= 100;
        if is_ordered && (0..=20).contains(&self.hysteresis) {
            return Ok(());
        }
        Err(HubError::Thresholds {
            seen: format!(
                "alert {}, incident {}, hysteresis {}",
                self.alert, self.incident, self.hysteresis
            ),
        })
    }
}

impl Hub {
    /// The automation rules, as they were set.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn automation_rules(&self) -> Result<Vec<AutomationRule>, HubError> {
        Ok(self.setting(RULES).await?.unwrap_or_default())
    }

    pub(super) async fn compiled_rules(&self) -> Result<Compiled, HubError> {
        Compiled::new(&self.automation_rules().await?)
    }

    /// Sets the automation rules, all of them, and applies them to every finding that is there.
    /// Returns how many findings that changed.
    ///
    /// # Errors
    /// Where a rule is none that Security Hub would take, or the database fails.
    pub async fn set_automation_rules(&self, rules: &[AutomationRule]) -> Result<u64, HubError> {
        let compiled = Compiled::new(rules)?;
        self.set(RULES, &rules).await?;
        self.apply_rules(&compiled).await
    }

    /// The standards that are enabled, by name.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn enabled_standards(&self) -> Result<Vec<String>, HubError> {
        let set = self.setting(STANDARDS).await?;
        Ok(set.unwrap_or_else(|| ENABLED.map(str::to_owned).to_vec()))
    }

    /// Enables or disables a standard.
    ///
    /// # Errors
    /// Where there is no such standard, or the database fails.
    pub async fn set_standard(&self, name: &str, is_enabled: bool) -> Result<(), HubError> {
        let name = &self.standard_called(name)?.name;
        let mut all = self.enabled_standards().await?;
        all.retain(|known| known != name);
        if is_enabled {
            all.push(name.clone());
        }
        all.sort();
        self.set(STANDARDS, &all).await
    }

    /// The thresholds that were set.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn thresholds(&self) -> Result<Vec<Thresholds>, HubError> {
        Ok(self.setting(THRESHOLDS).await?.unwrap_or_default())
    }

    /// Sets thresholds, in place of those of the same standard and account.
    ///
    /// # Errors
    /// Where they are out of order, or the database fails.
    pub async fn set_thresholds(&self, thresholds: Thresholds) -> Result<(), HubError> {
        thresholds.check()?;
        let mut all = self.thresholds().await?;
        all.retain(|known| {
            (&known.standard, &known.account_id) != (&thresholds.standard, &thresholds.account_id)
        });
        all.push(thresholds);
        all.sort_by(|a, b| (&a.standard, &a.account_id).cmp(&(&b.standard, &b.account_id)));
        self.set(THRESHOLDS, &all).await
    }

    /// Up to which `UpdatedAt` a Region's Security Hub was read; none where it never was.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn pulled_until(&self, region: &str) -> Result<Option<String>, HubError> {
        self.setting(&format!("{PULLED}{region}")).await
    }

    /// Notes up to which `UpdatedAt` a Region's Security Hub was read.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_pulled_until(&self, region: &str, until: &str) -> Result<(), HubError> {
        self.set(&format!("{PULLED}{region}"), &until).await
    }

    pub(super) async fn setting<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, HubError> {
        let sql = "SELECT value FROM hub_settings WHERE name = $1";
        let rows = self.store.database().rows(sql, args![name]).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        serde_json::from_str(&row.text(0)?)
            .map(Some)
            .map_err(HubError::Setting)
    }

    async fn set(&self, name: &str, value: &impl Serialize) -> Result<(), HubError> {
        let mut transaction = self.begin().await?;
        set_in(&mut transaction, name, value).await?;
        if SCORED_BY.contains(&name) {
            unscored(&mut transaction, [String::new()]).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// Sets one in a transaction.
pub(super) async fn set_in(
    transaction: &mut Transaction,
    name: &str,
    value: &impl Serialize,
) -> Result<(), HubError> {
    let value = serde_json::to_string(value).map_err(HubError::Setting)?;
    let sql = "INSERT INTO hub_settings (name, value) VALUES ($1, $2) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    transaction.execute(sql, args![name, value]).await?;
    Ok(())
}

/// The thresholds that count for a standard and an account: the most precise that was set.
pub(super) fn thresholds_for(all: &[Thresholds], standard: &str, account_id: &str) -> Thresholds {
    let precision =
        |known: &&Thresholds| (!known.account_id.is_empty(), !known.standard.is_empty());
    let fitting = all.iter().filter(|known| known.fits(standard, account_id));
    fitting.max_by_key(precision).cloned().unwrap_or_default()
}
