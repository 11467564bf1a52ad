//! Amazon MQ's brokers, which AWS checks for the same by two rules.

use posture_model::{ConfigurationItem, Path, path};

use crate::{Evaluation, Verdict};

/// Where a broker says whether its audit log goes to CloudWatch Logs, as it runs now.
pub const AUDIT: Path = path("configuration.Logs.Audit");

/// Judges whether a broker keeps an audit log.
///
/// # Errors
/// Where the broker's logs were not read.
pub fn keeps_audit_log<'a>(broker: &ConfigurationItem<'a>) -> Verdict<'a> {
    let audit = broker.boolean(AUDIT)?;
    if audit != Some(true) {
        return Ok(Evaluation::non_compliant(AUDIT, audit, true));
    }
    Ok(Evaluation::compliant(AUDIT, audit))
}
