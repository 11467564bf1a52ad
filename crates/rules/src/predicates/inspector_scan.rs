//! What Amazon Inspector scans in an account and Region.
//!
//! Source: Inspector API reference, `BatchGetAccountStatus`, `ResourceState`.

use posture_model::tree::Node;
use posture_model::{ConfigurationItem, Path, path};

use super::unread::{not_collected, text};
use crate::evaluation::{Evaluation, Verdict};

/// The states of the accounts that Inspector was asked about.
pub const ACCOUNTS: Path = path("supplementaryConfiguration.BatchGetAccountStatus.accounts");

/// Judges whether the scan of a kind of resource is on, by the kind's name in the API. One that the
/// answer leaves out is off.
///
/// # Errors
/// Where the account's own state was not read: Inspector leaves out accounts that it can't tell of.
pub fn judge<'a>(account: &ConfigurationItem<'a>, kind: &str) -> Verdict<'a> {
    let mut own = None;
    for state in account.list(ACCOUNTS)? {
        if text(ACCOUNTS, *state, "accountId")? == Some(account.account_id()) {
            own = state.get("resourceState");
        }
    }
    let scan = match own {
        Some(scans @ Node::Object(_)) => scans.get(kind).unwrap_or(Node::Null),
        _ => return Err(not_collected(ACCOUNTS)),
    };
    let status = match scan {
        Node::Null => None,
        scan => text(ACCOUNTS, scan, "status")?,
    };
    if status != Some("ENABLED") {
        return Ok(Evaluation::non_compliant(ACCOUNTS, status, "ENABLED"));
    }
    Ok(Evaluation::compliant(ACCOUNTS, status))
}

#[cfg(test)]
mod tests {
    use posture_model::tree::{Bump, parse};
    use posture_model::{ConfigurationItem, Source};

    use super::judge;

    #[test]
    fn only_the_accounts_own_state_counts() {
        let arena = Bump::new();
        let text = r#"{"accountId":"123456789012","resourceType":"AWS::::Account","resourceId":"1",
            "supplementaryConfiguration":{"BatchGetAccountStatus":{"accounts":[
            {"accountId":"111122223333","resourceState":{"ec2":{"status":"ENABLED"}}},
            {"accountId":"123456789012","resourceState":{"ec2":{"status":"DISABLED"}}}]}}}"#;
        let node = parse(text.as_bytes(), &arena).unwrap();
        let item = ConfigurationItem::from_node(node, Source::Recorder, &arena).unwrap();
        assert!(
            judge(&item, "ec2")
                .unwrap()
                .reason()
                .ends_with("is DISABLED, expected ENABLED")
        );
        assert!(
            judge(&item, "ecr")
                .unwrap()
                .reason()
                .ends_with("is not set, expected ENABLED")
        );
    }
}
