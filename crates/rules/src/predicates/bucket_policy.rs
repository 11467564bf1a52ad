//! Bucket policies: whom a statement is for, what of a bucket it is about, and when S3 counts it as
//! public.
//!
//! Source: S3 user guide, "Blocking public access", the meaning of "public".

use std::net::IpAddr;

use posture_model::tree::Node;
use posture_model::{ConfigurationItem, InsufficientData, Path, path};

use crate::Evaluation;
use crate::predicates::patterns::{covers, overlap};
use crate::predicates::policy::{Statement, account_of, is_fixed, principals};

/// Whether a principal is of another account than this one. AWS's services are of none; a name that
/// doesn't tell its account counts as another's.
pub fn is_foreign((kind, name): (&str, &str), account: &str) -> bool {
    kind != "Service" && account_of(name) != Some(account)
}

/// Whether a statement is for principals of other accounts than this one.
pub fn is_for_other_accounts(statement: Statement<'_>, account: &str) -> bool {
    statement.node().get("NotPrincipal").is_some()
        || principals(statement)
            .into_iter()
            .any(|principal| is_foreign(principal, account))
}

/// Whether a statement is about some action that one of these patterns names.
pub fn is_about_actions<T: AsRef<str>>(statement: Statement<'_>, patterns: &[T]) -> bool {
    let actions = lowered(statement, "Action");
    let not = lowered(statement, "NotAction");
    patterns.iter().any(|pattern| {
        let pattern = pattern.as_ref().to_ascii_lowercase();
        actions.iter().any(|action| overlap(action, &pattern))
            || (!not.is_empty() && !not.iter().any(|other| covers(other, &pattern)))
    })
}

/// Whether what a statement allows principals of other accounts is denied by another: for good, for
/// the same principals or for everybody, of all actions that a pattern names, and of the whole
/// bucket.
pub fn is_denied(
    bucket: &ConfigurationItem<'_>,
    allowed: Statement<'_>,
    action: &str,
    statements: &[Statement<'_>],
) -> bool {
    let action = action.to_ascii_lowercase();
    let mut others = principals(allowed);
    others.retain(|principal| is_foreign(*principal, bucket.account_id()));
    statements.iter().any(|denial| {
        let denied = principals(*denial);
        let is_for_them = !others.is_empty() && others.iter().all(|other| denied.contains(other));
        let name = bucket.resource_name().unwrap_or(bucket.resource_id());
        denial.denies()
            && !denial.is_conditional()
            && (denial.is_for_everybody() || is_for_them)
            && lowered(*denial, "Action")
                .iter()
                .any(|pattern| covers(pattern, &action))
            && is_about_bucket(*denial, name)
            && is_about_objects(*denial, name)
    })
}

/// The texts of an element in small letters: IAM doesn't mind an action's case.
pub fn lowered(statement: Statement<'_>, element: &str) -> Vec<String> {
    let texts = statement.texts(element);
    texts.map(str::to_ascii_lowercase).collect()
}

/// Whether a statement is about the bucket of this name.
pub fn is_about_bucket(statement: Statement<'_>, name: &str) -> bool {
    is_about(statement, name)
}

/// Whether a statement is about every object in the bucket of this name.
pub fn is_about_objects(statement: Statement<'_>, name: &str) -> bool {
    is_about(statement, &format!("{name}/*"))
}

fn is_about(statement: Statement<'_>, resource: &str) -> bool {
    statement.texts("Resource").any(|pattern| {
        // What comes before the bucket's name is the same for every bucket of a partition.
        let pattern = pattern.split_once(":::").map_or(pattern, |(_, rest)| rest);
        covers(pattern, resource)
    })
}

/// The operator and the key of a statement's condition in small letters, and its values; none where
/// the statement has no condition, or several: they narrow one another.
pub fn only_condition(statement: Statement<'_>) -> Option<(String, String, Node<'_>)> {
    let [(operator, keys)] = statement.node().get("Condition")?.members() else {
        return None;
    };
    let [(key, values)] = keys.members() else {
        return None;
    };
    Some((
        operator.to_ascii_lowercase(),
        key.to_ascii_lowercase(),
        *values,
    ))
}

/// The policy of a bucket.
pub const POLICY: Path = path("supplementaryConfiguration.BucketPolicy.policyText");

/// The failure of a bucket whose policy has more than five policy variables in a value: AWS Config
/// evaluates no such policy, and says so in its rules' pages.
///
/// # Errors
/// Where the policy is no JSON.
pub fn too_many_variables<'a>(
    bucket: &ConfigurationItem<'a>,
    policy: Node<'a>,
) -> Result<Option<Evaluation<'a>>, InsufficientData> {
    let has_too_many = has_too_many_variables(bucket.decoded(POLICY, policy)?);
    let found = "a policy with more than five policy variables in a value";
    let expected = "five at most, since AWS Config evaluates no others";
    Ok(has_too_many.then(|| Evaluation::non_compliant(POLICY, found, expected)))
}

fn has_too_many_variables(policy: Node<'_>) -> bool {
    match policy {
        Node::Text(text) => text.matches("${").count() > 5,
        Node::Array(elements) => elements.iter().copied().any(has_too_many_variables),
        Node::Object(members) => members
            .iter()
            .any(|(_, member)| has_too_many_variables(*member)),
        _ => false,
    }
}

/// Whether S3 counts a statement as public: it allows something, and neither its principals nor its
/// conditions are fixed values.
pub fn is_public(statement: Statement<'_>) -> bool {
    let principals = principals(statement);
    let is_fixed_principal = |(kind, name): &(&str, &str)| *kind != "Federated" && is_fixed(name);
    let is_for_fixed = !principals.is_empty() && principals.iter().all(is_fixed_principal);
    statement.allows() && !is_for_fixed && !is_limited(statement, is_limit)
}

/// The condition keys that make a statement non-public where each of their values is fixed.
const LIMITING_KEYS: [&str; 13] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
];

/// Whether a statement has a condition each of whose values is a limit, as told by its operator and
/// its key in small letters, and by the value: conditions are all to be met, so that one is enough.
pub fn is_limited(statement: Statement<'_>, is_limit: impl Fn(&str, &str, &str) -> bool) -> bool {
    let Some(condition) = statement.node().get("Condition") else {
        return false;
    };
    condition.members().iter().any(|(operator, keys)| {
        let operator = operator.to_ascii_lowercase();
        keys.members().iter().any(|(key, values)| {
            let key = key.to_ascii_lowercase();
            let values = values.one_or_many();
            let is_limit = |value: &Node<'_>| {
                value
                    .as_text()
                    .is_some_and(|value| is_limit(&operator, &key, value))
            };
            !values.is_empty() && values.iter().all(is_limit)
        })
    })
}

/// Whether one value under an operator and a key leaves few enough. `...IfExists` and
/// `ForAllValues:` are true where the key is missing, and leave everybody.
fn is_limit(operator: &str, key: &str, value: &str) -> bool {
    match operator.strip_prefix("foranyvalue:").unwrap_or(operator) {
        "ipaddress" => key == "aws:sourceip" && is_narrow(value),
        "stringequals" | "stringequalsignorecase" | "stringlike" | "arnequals" | "arnlike" => {
            let is_access_point = key == "s3:dataaccesspointarn"
                && account_of(value)
                    .is_some_and(|account| !account.is_empty() && is_fixed(account));
            LIMITING_KEYS.contains(&key) && (is_fixed(value) || is_access_point)
        }
        _ => false,
    }
}

/// Whether a CIDR block is no broader than S3 accepts: `/8` of IPv4, `/32` of IPv6.
fn is_narrow(block: &str) -> bool {
    let (address, length) = match block.trim().split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (block.trim(), None),
    };
    let broadest = match address.parse() {
        Ok(IpAddr::V4(_)) => 8,
        Ok(IpAddr::V6(_)) => 32,
        Err(_) => return false,
    };
    match length.map(str::parse::<u8>) {
        None => true,
        Some(Ok(length)) => length >= broadest,
        Some(Err(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;
    use posture_model::tree::{self, Node};

    use super::{has_too_many_variables, is_about_actions, is_for_other_accounts, is_public};
    use crate::predicates::policy::{Statement, statements};

    fn with<T>(statement: &str, test: impl Fn(Statement<'_>) -> T) -> T {
        let arena = Bump::new();
        let text = format!(r#"{{"Statement":[{statement}]}}"#);
        let document = tree::parse(arena.alloc_slice_copy(text.as_bytes()), &arena).unwrap();
        test(*statements(document).first().unwrap())
    }

    fn is_public_with(principal: &str, condition: &str) -> bool {
        let statement = format!(
            r#"{{"Effect":"Allow","Principal":{principal},"Action":"s3:GetObject","Condition":{condition}}}"#
        );
        with(&statement, is_public)
    }

    #[test]
    fn principals_that_are_not_fixed_are_public() {
        for principal in [
            r#""*""#,
            r#"{"AWS":"*"}"#,
            r#"{"AWS":["123456789012","*"]}"#,
            r#"{"AWS":"arn:aws:iam::*:root"}"#,
            r#"{"Federated":"graph.facebook.com"}"#,
        ] {
            assert!(is_public_with(principal, "{}"), "{principal}");
        }
        for principal in [
            r#"{"AWS":"123456789012"}"#,
            r#"{"AWS":["arn:aws:iam::123456789012:root"]}"#,
            r#"{"Service":"cloudtrail.amazonaws.com"}"#,
        ] {
            assert!(!is_public_with(principal, "{}"), "{principal}");
        }
    }

    #[test]
    fn conditions_on_fixed_values_make_a_statement_non_public() {
        for condition in [
            r#"{"StringEquals":{"aws:SourceVpc":"vpc-91237329"}}"#,
            r#"{"StringLike":{"AWS:PrincipalOrgID":["o-1","o-2"]}}"#,
            r#"{"IpAddress":{"aws:SourceIp":["192.0.2.0/24","2001:db8::/32"]}}"#,
            r#"{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#,
            r#"{"IpAddress":{"aws:SourceIp":"192.0.2.1"}}"#,
            r#"{"ForAnyValue:StringEquals":{"aws:PrincipalOrgPaths":"o-1/r-1/"}}"#,
            r#"{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:123456789012:accesspoint/*"}}"#,
        ] {
            assert!(!is_public_with(r#""*""#, condition), "{condition}");
        }
        for condition in [
            r#"{"StringLike":{"aws:SourceVpc":"vpc-*"}}"#,
            r#"{"StringLike":{"aws:userid":"AROAEXAMPLE:*"}}"#,
            r#"{"StringEquals":{"aws:SourceVpc":["vpc-1","${aws:SourceVpc}"]}}"#,
            r#"{"StringEqualsIfExists":{"aws:SourceVpc":"vpc-1"}}"#,
            r#"{"ForAllValues:StringEquals":{"aws:SourceVpc":"vpc-1"}}"#,
            r#"{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}}"#,
            r#"{"StringEquals":{"aws:UserAgent":"secret"}}"#,
            r#"{"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}}"#,
            r#"{"IpAddress":{"aws:SourceIp":"8.0.0.0/7"}}"#,
            r#"{"IpAddress":{"aws:SourceIp":"2000::/31"}}"#,
            r#"{"IpAddress":{"aws:SourceIp":["192.0.2.0/24","0.0.0.0/0"]}}"#,
            r#"{"NotIpAddress":{"aws:SourceIp":"192.0.2.0/24"}}"#,
            r#"{"StringLike":{"s3:DataAccessPointArn":"arn:aws:s3:us-west-2:*:accesspoint/*"}}"#,
            r#"{"Bool":{"aws:SecureTransport":"true"}}"#,
        ] {
            assert!(is_public_with(r#""*""#, condition), "{condition}");
        }
    }

    #[test]
    fn denials_are_never_public_and_exceptions_always() {
        let denial = r#"{"Effect":"Deny","Principal":"*","Action":"s3:*"}"#;
        assert!(!with(denial, is_public));
        let exception = r#"{"Effect":"Allow","NotPrincipal":{"AWS":"123456789012"}}"#;
        assert!(with(exception, is_public));
        assert!(with(exception, |it| is_for_other_accounts(
            it,
            "123456789012"
        )));
    }

    #[test]
    fn principals_of_other_accounts_are_told_by_their_names() {
        let is_for_others = |principal: &str| {
            let statement = format!(r#"{{"Effect":"Allow","Principal":{principal}}}"#);
            with(&statement, |it| is_for_other_accounts(it, "123456789012"))
        };
        assert!(is_for_others(r#""*""#));
        assert!(is_for_others(r#"{"AWS":"111122223333"}"#));
        assert!(is_for_others(r#"{"AWS":["123456789012","111122223333"]}"#));
        assert!(is_for_others(r#"{"AWS":"AIDAEXAMPLE"}"#));
        assert!(is_for_others(r#"{"CanonicalUser":"79a59df900b949e5"}"#));
        assert!(!is_for_others(r#"{"AWS":"123456789012"}"#));
        assert!(!is_for_others(
            r#"{"AWS":"arn:aws:iam::123456789012:role/r"}"#
        ));
        assert!(!is_for_others(r#"{"Service":"logging.s3.amazonaws.com"}"#));
    }

    #[test]
    fn actions_are_met_by_patterns_and_exceptions() {
        let is_read = |statement: &str| with(statement, |it| is_about_actions(it, &["s3:Get*"]));
        assert!(is_read(r#"{"Action":"s3:getobject"}"#));
        assert!(is_read(r#"{"Action":["s3:PutObject","s3:*"]}"#));
        assert!(is_read(r#"{"NotAction":"s3:GetObject"}"#));
        assert!(!is_read(r#"{"NotAction":"s3:G*"}"#));
        assert!(!is_read(r#"{"Action":"s3:Put*"}"#));
        assert!(!is_read("{}"));
    }

    #[test]
    fn six_variables_in_one_value_are_too_many() {
        assert!(!has_too_many_variables(Node::Text("${a}${b}${c}${d}${e}")));
        assert!(has_too_many_variables(Node::Text(
            "${a}${b}${c}${d}${e}${f}"
        )));
    }
}
