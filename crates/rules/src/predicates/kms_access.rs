//! What policies allow on KMS keys.
//!
//! Source: IAM user guide, policy grammar; KMS developer guide, using IAM policies.

use super::patterns::{matches, may_overlap, overlap};
use super::policy::Statement;

/// The parameter that names the action patterns that are not allowed on every key.
pub const BLOCKED: &str = "blockedActionsPatterns";

/// A key's ARN of which no part can be spelled out: a pattern that matches it matches every key.
const EVERY_KEY: &str = "arn:aws:kms:-:-:key/-";

/// The first of some action patterns of which the statements allow an action on every KMS key.
///
/// Conditions of what is allowed don't count, as AWS has it. A denial counts where it has no
/// conditions and takes in the whole pattern and every key.
pub fn allowed_on_every_key<'p>(
    statements: &[Statement<'_>],
    patterns: &'p [String],
) -> Option<&'p str> {
    patterns.iter().map(String::as_str).find(|pattern| {
        let allows = |statement: &Statement<'_>| {
            statement.allows() && allows_some(*statement, pattern) && is_on_keys(*statement)
        };
        let denies = |statement: &Statement<'_>| denies_all(*statement, pattern);
        statements.iter().any(allows) && !statements.iter().any(denies)
    })
}

/// Whether a statement's actions take in some action of a pattern.
fn allows_some(statement: Statement<'_>, pattern: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    let overlaps = |action: &str| {
        may_overlap(action, &pattern) && overlap(&action.to_ascii_lowercase(), &pattern)
    };
    statement.texts("Action").any(overlaps)
        || statement.excepts_none("NotAction", |action| matches(action, &pattern))
}

/// Whether a statement's resources are keys that are not spelled out.
fn is_on_keys(statement: Statement<'_>) -> bool {
    statement.texts("Resource").any(is_open)
        || statement.excepts_none("NotResource", |resource| matches(resource, EVERY_KEY))
}

fn denies_all(statement: Statement<'_>, pattern: &str) -> bool {
    statement.denies()
        && !statement.is_conditional()
        && statement.texts("Action").any(|name| matches(name, pattern))
        && statement
            .texts("Resource")
            .any(|name| matches(name, EVERY_KEY))
}

/// Whether a resource may be a KMS key, and has a wildcard or a variable in it.
fn is_open(resource: &str) -> bool {
    if !resource.contains(['*', '?']) && !resource.contains("${") {
        return false;
    }
    // A wildcard in an earlier part may stand for the later ones.
    let mut parts = resource.splitn(6, ':').skip(2);
    let is_kms = parts.next().is_none_or(|service| matches(service, "kms"));
    is_kms && parts.nth(2).is_none_or(|name| !name.starts_with("alias/"))
}

#[cfg(test)]
mod tests {
    use posture_model::tree::{Bump, parse};

    use super::{allowed_on_every_key, is_open};
    use crate::predicates::policy;

    fn found(statements: &str, pattern: &str) -> bool {
        let arena = Bump::new();
        let text = format!(r#"{{"Statement":{statements}}}"#);
        let document = parse(text.as_bytes(), &arena).unwrap();
        allowed_on_every_key(&policy::statements(document), &[pattern.to_owned()]).is_some()
    }

    #[test]
    fn resources_are_open_where_they_may_be_more_than_one_key() {
        for open in [
            "*",
            "arn:aws:kms:*:*:key/*",
            "arn:aws:kms:us-east-1:123456789012:key/*",
            "arn:aws:kms:*:123456789012:key/k1",
            "arn:aws:kms:us-east-1:123456789012:key/${aws:username}",
            "arn:aws:*",
            "arn:*",
        ] {
            assert!(is_open(open), "{open}");
        }
        for closed in [
            "arn:aws:kms:us-east-1:123456789012:key/k1",
            "arn:aws:s3:::bucket/*",
            "arn:aws:kms:us-east-1:123456789012:alias/*",
        ] {
            assert!(!is_open(closed), "{closed}");
        }
    }

    #[test]
    fn exceptions_and_denials_count() {
        let allow = r#"{"Effect":"Allow","Action":"kms:*","Resource":"*"}"#;
        assert!(found(allow, "kms:Decrypt"));
        let deny = r#"{"Effect":"Deny","Action":"kms:Decrypt","Resource":"*"}"#;
        assert!(!found(&format!("[{allow},{deny}]"), "kms:Decrypt"));
        assert!(found(&format!("[{allow},{deny}]"), "kms:*"));
        let at_times =
            r#"{"Effect":"Deny","Action":"kms:*","Resource":"*","Condition":{"Bool":{"a":"b"}}}"#;
        assert!(found(&format!("[{allow},{at_times}]"), "kms:Decrypt"));
        let but = r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#;
        assert!(found(but, "kms:Decrypt"));
        let but_kms = r#"{"Effect":"Allow","NotAction":"kms:*","Resource":"*"}"#;
        assert!(!found(but_kms, "kms:Decrypt"));
        let elsewhere = r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::b"}"#;
        assert!(found(elsewhere, "kms:Decrypt"));
        let no_keys = r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:kms:*:*:key/*"}"#;
        assert!(!found(no_keys, "kms:Decrypt"));
    }
}
