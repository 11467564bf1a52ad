//! The root user, as IAM's account summary counts what it has.
//!
//! Source: IAM API reference, `GetAccountSummary`.

use posture_model::{ConfigurationItem, InsufficientData, Path, path};

use crate::Evaluation;

/// 1 where the root user has a password. Older summaries lack it.
pub const PASSWORD: Path =
    path("supplementaryConfiguration.GetAccountSummary.SummaryMap.AccountPasswordPresent");
/// 1 where the root user has an access key.
pub const ACCESS_KEYS: Path =
    path("supplementaryConfiguration.GetAccountSummary.SummaryMap.AccountAccessKeysPresent");
/// 1 where the root user has a signing certificate.
pub const CERTIFICATES: Path = path(
    "supplementaryConfiguration.GetAccountSummary.SummaryMap.AccountSigningCertificatesPresent",
);
/// 1 where the root user has a second factor.
pub const MFA: Path =
    path("supplementaryConfiguration.GetAccountSummary.SummaryMap.AccountMFAEnabled");

/// Whether somebody could use the root user at all. What a summary doesn't count is taken to be
/// there.
///
/// # Errors
/// Where the account's summary was not read.
pub fn has_credentials(account: &ConfigurationItem<'_>) -> Result<bool, InsufficientData> {
    for place in [PASSWORD, ACCESS_KEYS, CERTIFICATES] {
        if account.integer(place)? != Some(0) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The verdict on an account whose root user nobody can use.
pub fn not_judged<'a>() -> Evaluation<'a> {
    Evaluation::not_applicable(PASSWORD, 0, "the root user has no credentials")
}

#[cfg(test)]
mod tests {
    use posture_model::tree::{Bump, parse};
    use posture_model::{ConfigurationItem, Source};

    use super::has_credentials;

    fn judged(summary: &str) -> bool {
        let arena = Bump::new();
        let text = format!(
            r#"{{"resourceType":"AWS::::Account","resourceId":"1","supplementaryConfiguration":
            {{"GetAccountSummary":{{"SummaryMap":{summary}}}}}}}"#
        );
        let node = parse(text.as_bytes(), &arena).unwrap();
        let item = ConfigurationItem::from_node(node, Source::AwsConfig, &arena).unwrap();
        has_credentials(&item).unwrap()
    }

    #[test]
    fn only_three_zeros_mean_none() {
        assert!(!judged(
            r#"{"AccountPasswordPresent":0,"AccountAccessKeysPresent":0,"AccountSigningCertificatesPresent":0}"#
        ));
        assert!(judged(
            r#"{"AccountPasswordPresent":0,"AccountAccessKeysPresent":0,"AccountSigningCertificatesPresent":1}"#
        ));
        assert!(judged(
            r#"{"AccountAccessKeysPresent":0,"AccountSigningCertificatesPresent":0}"#
        ));
    }
}
