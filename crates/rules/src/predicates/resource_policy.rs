//! Policies of keys, queues and topics: whether they let everybody in.
//!
//! Source: AWS Config developer guide, the notes of the rules on public access: what a policy grants
//! it has to grant to fixed values, without wildcards and policy variables.

use posture_model::tree::Node;
use posture_model::{ConfigurationItem, Path};

use super::bucket_policy::{is_limited, is_public};
use super::policy::is_fixed;
use super::policy_document::statements;
use crate::evaluation::{Evaluation, Verdict};

/// Judges a policy by its statements that allow something: the principals of each are fixed values,
/// or one of its conditions leaves only fixed accounts, organizations, networks or resources. What
/// other statements deny doesn't count.
///
/// # Errors
/// Where there is no policy, or something that is none.
pub fn judge<'a>(
    item: &ConfigurationItem<'a>,
    place: Path,
    policy: Option<Node<'a>>,
) -> Verdict<'a> {
    for statement in statements(item, place, policy)? {
        if is_public(statement) && !is_limited(statement, is_of_accounts) {
            let expected = "no statement that allows everybody something";
            return Ok(Evaluation::non_compliant(place, statement.node(), expected));
        }
    }
    Ok(Evaluation::compliant(place, "not public"))
}

/// Whether a condition leaves callers of one account: KMS's own key for it.
fn is_of_accounts(operator: &str, key: &str, value: &str) -> bool {
    matches!(
        operator,
        "stringequals" | "stringequalsignorecase" | "stringlike"
    ) && key == "kms:calleraccount"
        && is_fixed(value)
}

#[cfg(test)]
mod tests {
    use super::is_of_accounts;

    #[test]
    fn a_caller_is_limited_by_a_fixed_account_only() {
        let key = "kms:calleraccount";
        assert!(is_of_accounts("stringequals", key, "123456789012"));
        assert!(!is_of_accounts("stringlike", key, "*"));
        assert!(!is_of_accounts("stringnotequals", key, "123456789012"));
        assert!(!is_of_accounts("stringequals", "kms:viaservice", "s3"));
    }
}
