//! Controls: their status, and turning them off.

use std::collections::{BTreeMap, BTreeSet};

use posture_content::standards::{SecurityControl, Standard};
use posture_store::sql::{Row, Transaction};

use super::counts::unscored;
use super::{Hub, args};
use crate::HubError;
use crate::score::{ControlStatus, FindingCounts, Score};
use crate::status::{ControlRow, StandardStatus, Status};

/// What a status is about; empty is everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusScope {
    /// Only this account.
    pub account_id: Option<String>,
    /// Only this Region.
    pub aws_region: Option<String>,
}

/// A control that somebody turned off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisabledControl {
    /// The control.
    pub control: String,
    /// The standard; empty where it is off in all.
    pub standard: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub disabled_by: String,
    /// When, as ASFF writes times.
    pub disabled_at: String,
}

/// Controls that are off, by control, and by standard, which is empty for all.
pub(super) type Disabled = BTreeMap<String, BTreeMap<String, DisabledControl>>;

/// Findings of each control.
pub(super) type Counts = BTreeMap<String, FindingCounts>;

/// Sums of counts. PostgreSQL's of BIGINT are NUMERIC.
pub(super) const SUMS: &str = "CAST(SUM(failed) AS BIGINT), CAST(SUM(unknown) AS BIGINT), \
    CAST(SUM(passed) AS BIGINT), CAST(SUM(suppressed) AS BIGINT), CAST(SUM(archived) AS BIGINT)";

/// Findings of each control over everything.
pub(super) const TOTALS: &str =
    "SELECT control, failed, unknown, passed, suppressed, archived FROM control_totals";

/// A control with its counts, from the columns that begin at this place.
pub(super) fn counted(row: &Row, first: usize) -> Result<(String, FindingCounts), HubError> {
    let counts = FindingCounts {
        failed: row.int(first + 1)?,
        unknown: row.int(first + 2)?,
        passed: row.int(first + 3)?,
        suppressed: row.int(first + 4)?,
        archived: row.int(first + 5)?,
    };
    Ok((row.text(first)?, counts))
}

impl Hub {
    /// The status of standards, each with its controls, and of all their controls together.
    ///
    /// # Errors
    /// Where a standard is unknown, or the database fails.
    pub async fn status(
        &self,
        standards: &[String],
        scope: &StatusScope,
    ) -> Result<Status, HubError> {
        let standards = self.standards_named(standards).await?;
        let counts = self.counts(scope).await?;
        let disabled = self.disabled().await?;
        let rows = standards
            .iter()
            .map(|standard| self.standard_status(standard, &counts, &disabled))
            .collect();
        let unique = Hub::unique(&standards, &counts, &disabled);
        Ok(Status {
            standards: rows,
            summary: Score::of(unique.values().copied()),
        })
    }

    /// Turns a control off, everywhere or in one standard.
    ///
    /// # Errors
    /// Where there is no such control or standard, or the database fails.
    pub async fn disable_control(
        &self,
        control: &str,
        standard: Option<&str>,
        reason: &str,
        by: &str,
    ) -> Result<(), HubError> {
        let control = self.control_named(control)?.id.clone();
        let standard = self.standard_name(standard)?;
        let mut transaction = self.begin().await?;
        let sql = "INSERT INTO disabled_controls \
                   (control, standard, reason, disabled_by, disabled_at) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (control, standard) DO UPDATE SET \
                   reason = excluded.reason, disabled_by = excluded.disabled_by, \
                   disabled_at = excluded.disabled_at";
        let values = args![control, standard, reason, by, self.store.now()];
        transaction.execute(sql, values).await?;
        unscored(&mut transaction, [String::new()]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Turns a control on again. False where it was on.
    ///
    /// # Errors
    /// As [`Hub::disable_control`].
    pub async fn enable_control(
        &self,
        control: &str,
        standard: Option<&str>,
    ) -> Result<bool, HubError> {
        let control = self.control_named(control)?.id.clone();
        let standard = self.standard_name(standard)?;
        let mut transaction = self.begin().await?;
        let sql = "DELETE FROM disabled_controls WHERE control = $1 AND standard = $2";
        let count = transaction.execute(sql, args![control, standard]).await?;
        unscored(&mut transaction, [String::new()]).await?;
        transaction.commit().await?;
        Ok(count > 0)
    }

    /// The controls that are off.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn disabled_controls(&self) -> Result<Vec<DisabledControl>, HubError> {
        let disabled = self.disabled().await?.into_values();
        Ok(disabled.flat_map(BTreeMap::into_values).collect())
    }

    /// The names of the standards that are asked for; of those that are enabled where none is.
    pub(super) async fn standards_named(
        &self,
        names: &[String],
    ) -> Result<Vec<&'static Standard>, HubError> {
        let enabled;
        let names = if names.is_empty() {
            enabled = self.enabled_standards().await?;
            &enabled
        } else {
            names
        };
        names
            .iter()
            .map(|name| self.standard_called(name))
            .collect()
    }

    pub(super) fn standard_called(&self, name: &str) -> Result<&'static Standard, HubError> {
        self.standards.standard(name).ok_or_else(|| {
            let known: Vec<&str> = self
                .standards
                .standards()
                .iter()
                .map(|standard| standard.name.as_str())
                .collect();
            HubError::UnknownStandard {
                name: name.to_owned(),
                known: known.join(", "),
            }
        })
    }

    fn standard_name(&self, name: Option<&str>) -> Result<String, HubError> {
        match name {
            Some(name) => Ok(self.standard_called(name)?.name.clone()),
            None => Ok(String::new()),
        }
    }

    fn control_named(&self, id: &str) -> Result<&'static SecurityControl, HubError> {
        let known = self.standards.control(id);
        known.ok_or_else(|| HubError::UnknownControl { id: id.to_owned() })
    }

    /// Findings of each control. Of everything, the sums are kept.
    async fn counts(&self, scope: &StatusScope) -> Result<Counts, HubError> {
        let mut values = Vec::new();
        let mut conditions = Vec::new();
        for (column, wanted) in [
            ("account_id", &scope.account_id),
            ("aws_region", &scope.aws_region),
        ] {
            if let Some(wanted) = wanted {
                values.push(wanted.as_str().into());
                conditions.push(format!("{column} = ${}", values.len()));
            }
        }
        let sql = if conditions.is_empty() {
            TOTALS.to_owned()
        } else {
            let conditions = conditions.join(" AND ");
            format!(
                "SELECT control, {SUMS} FROM control_counts WHERE {conditions} GROUP BY control"
            )
        };
        let rows = self.store.database().rows(&sql, values).await?;
        rows.iter().map(|row| counted(row, 0)).collect()
    }

    async fn disabled(&self) -> Result<Disabled, HubError> {
        read_disabled(&self.store.database().rows(DISABLED, args![]).await?)
    }

    pub(super) async fn disabled_in(
        &self,
        transaction: &mut Transaction,
    ) -> Result<Disabled, HubError> {
        read_disabled(&transaction.rows(DISABLED, args![]).await?)
    }

    /// The status of a control in a standard.
    pub(super) fn control_status(
        id: &str,
        standard: &str,
        counts: &Counts,
        disabled: &Disabled,
    ) -> ControlStatus {
        let counts = counts.get(id).copied().unwrap_or_default();
        ControlStatus::of(counts, off(id, standard, disabled).is_some())
    }

    /// Each control of any of the standards once; off where it is off in all that have it.
    pub(super) fn unique(
        standards: &[&'static Standard],
        counts: &Counts,
        disabled: &Disabled,
    ) -> BTreeMap<&'static str, ControlStatus> {
        let mut unique: BTreeMap<&'static str, BTreeSet<ControlStatus>> = BTreeMap::new();
        for standard in standards {
            for id in standard.controls.keys() {
                let status = Hub::control_status(id, &standard.name, counts, disabled);
                unique.entry(id).or_default().insert(status);
            }
        }
        // `Disabled` is the last in order.
        let first =
            |(id, statuses): (_, BTreeSet<ControlStatus>)| Some((id, statuses.into_iter().next()?));
        unique.into_iter().filter_map(first).collect()
    }

    fn standard_status(
        &self,
        standard: &'static Standard,
        counts: &Counts,
        disabled: &Disabled,
    ) -> StandardStatus {
        let mut controls = Vec::with_capacity(standard.controls.len());
        for (id, requirements) in &standard.controls {
            let Some(control) = self.standards.control(id) else {
                continue;
            };
            let off = off(id, &standard.name, disabled);
            controls.push(ControlRow {
                control,
                requirements,
                status: Hub::control_status(id, &standard.name, counts, disabled),
                counts: counts.get(id).copied().unwrap_or_default(),
                is_implemented: self.standards.implementation(control).is_some(),
                disabled: off.cloned(),
            });
        }
        StandardStatus { standard, controls }
    }
}

/// How a control is off in a standard, where it is.
fn off<'d>(id: &str, standard: &str, disabled: &'d Disabled) -> Option<&'d DisabledControl> {
    let of_control = disabled.get(id)?;
    of_control.get("").or_else(|| of_control.get(standard))
}

const DISABLED: &str =
    "SELECT control, standard, reason, disabled_by, disabled_at FROM disabled_controls";

fn read_disabled(rows: &[Row]) -> Result<Disabled, HubError> {
    let mut disabled = Disabled::new();
    for row in rows {
        let control = DisabledControl {
            control: row.text(0)?,
            standard: row.text(1)?,
            reason: row.text(2)?,
            disabled_by: row.text(3)?,
            disabled_at: super::rows::time(row.int(4)?),
        };
        let of_control = disabled.entry(control.control.clone()).or_default();
        of_control.insert(control.standard.clone(), control);
    }
    Ok(disabled)
}
