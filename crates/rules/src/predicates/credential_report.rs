//! A user's row of IAM's credential report.
//!
//! The report is a table of texts: `true`, `false`, times, `N/A` and `no_information`. AWS makes a
//! new one at most every four hours, so a younger user has no row.
//!
//! Source: IAM user guide, credential reports.

use jiff::Timestamp;
use posture_model::{ConfigurationItem, InsufficientData, Path, path};

use super::unread::not_collected;

/// The row.
pub const ROW: Path = path("supplementaryConfiguration.GetCredentialReport.Content");
/// Whether the user has a password.
pub const PASSWORD_ENABLED: Path =
    path("supplementaryConfiguration.GetCredentialReport.Content.password_enabled");
/// When the password was used last.
pub const PASSWORD_LAST_USED: Path =
    path("supplementaryConfiguration.GetCredentialReport.Content.password_last_used");
/// When the password was set.
pub const PASSWORD_LAST_CHANGED: Path =
    path("supplementaryConfiguration.GetCredentialReport.Content.password_last_changed");
/// Whether the user has a second factor.
pub const MFA_ACTIVE: Path =
    path("supplementaryConfiguration.GetCredentialReport.Content.mfa_active");
/// Whether the first access key is active.
pub const KEY_1_ACTIVE: Path =
    path("supplementaryConfiguration.GetCredentialReport.Content.access_key_1_active");
/// When the first access key was used last.
pub const KEY_1_LAST_USED: Path =
    path("supplementaryConfiguration.GetCredentialReport.Content.access_key_1_last_used_date");
/// When the first access key was made.
pub const KEY_1_LAST_ROTATED: Path =
    path("supplementaryConfiguration.GetCredentialReport.Content.access_key_1_last_rotated");
/// Whether the second access key is active.
pub const KEY_2_ACTIVE: Path =
    path("supplementaryConfiguration.GetCredentialReport.Content.access_key_2_active");
/// When the second access key was used last.
pub const KEY_2_LAST_USED: Path =
    path("supplementaryConfiguration.GetCredentialReport.Content.access_key_2_last_used_date");
/// When the second access key was made.
pub const KEY_2_LAST_ROTATED: Path =
    path("supplementaryConfiguration.GetCredentialReport.Content.access_key_2_last_rotated");

/// Whether a column says `true`.
///
/// # Errors
/// Where the user has no row, or the report was not read.
pub fn is_true(user: &ConfigurationItem<'_>, column: Path) -> Result<bool, InsufficientData> {
    user.boolean(column)?.ok_or_else(|| not_collected(column))
}

/// When a column says; none where it says that there is nothing to say.
///
/// # Errors
/// Where the user has no row, the report was not read, or the column holds no time.
pub fn time(
    user: &ConfigurationItem<'_>,
    column: Path,
) -> Result<Option<Timestamp>, InsufficientData> {
    match user.text(column)? {
        None => Err(not_collected(column)),
        Some("N/A" | "no_information") => Ok(None),
        Some(_) => user.time(column),
    }
}
