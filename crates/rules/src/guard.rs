//! Custom policies in Guard's language, as AWS Config runs them on configuration items
//! (AWS Config developer guide, "Creating AWS Config Custom Policy Rules").
//!
//! Guard itself fails a comparison whose path leads nowhere; AWS Config skips it
//! (aws-cloudformation/cloudformation-guard issue 367), and so does this. Every rule that holds or
//! is skipped leaves the item compliant or not applicable; one that fails, non-compliant.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use cfn_guard::{ValidateInput, run_checks};
use posture_model::{ConfigurationItem, InsufficientData, Path, Reason, path};
use serde_json::{Map, Value};

use crate::{Evaluation, Verdict};

const WHOLE: Path = path("configuration");

/// AWS Config's limit for a policy, in characters.
const LIMIT: usize = 10_000;

/// A policy whose syntax is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardPolicy {
    text: String,
}

/// Why a policy can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardError(String);

impl fmt::Display for GuardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the Guard policy can't be used: {}", self.0)
    }
}

impl std::error::Error for GuardError {}

impl GuardPolicy {
    /// Checks a policy's syntax.
    ///
    /// # Errors
    /// Where it isn't Guard's, holds no rule, or is longer than AWS Config allows.
    pub fn parse(text: &str) -> Result<GuardPolicy, GuardError> {
        if text.chars().count() > LIMIT {
            return Err(GuardError("it has more than 10,000 characters".to_owned()));
        }
        match run(text, "{}") {
            Ok(report) if report.is_empty() => Err(GuardError("it holds no rule".to_owned())),
            Ok(_) => Ok(GuardPolicy {
                text: text.to_owned(),
            }),
            Err(message) => Err(GuardError(message)),
        }
    }

    /// Judges an item.
    ///
    /// # Errors
    /// Where Guard can't evaluate the policy on it, or the item was not wholly read.
    pub fn evaluate<'a>(&self, item: &ConfigurationItem<'a>) -> Verdict<'a> {
        // A policy may look anywhere, so whatever was not read may be what it looks at.
        item.node(WHOLE)?;
        if let Some(unread) = item.unread().first() {
            return Err(failed(format!("{} was not read", unread.path)));
        }
        let report = run(&self.text, &document(item)?).map_err(failed)?;
        let report: Value = serde_json::from_str(&report).map_err(|e| failed(e.to_string()))?;
        let mut has_passed = false;
        for rule in children(&report) {
            match rule
                .pointer("/container/RuleCheck/status")
                .and_then(Value::as_str)
            {
                Some("PASS") => has_passed = true,
                Some("FAIL") => {
                    if let Some(failure) = failure(rule) {
                        let name = rule
                            .pointer("/container/RuleCheck/name")
                            .and_then(Value::as_str)
                            .unwrap_or_default();
                        let expected = format!("{} (rule {name})", failure.expected);
                        return Ok(Evaluation::non_compliant(WHOLE, failure.found, expected));
                    }
                }
                _ => {}
            }
        }
        Ok(if has_passed {
            Evaluation::compliant(WHOLE, "as the policy wants it")
        } else {
            Evaluation::not_applicable(WHOLE, "none of the policy's", "every rule was skipped")
        })
    }
}

/// Guard's record of an evaluation as JSON; empty where the policy has no rule. Guard may panic on
/// a text that it should refuse; that is the policy's failure, not the scan's.
fn run(policy: &str, data: &str) -> Result<String, String> {
    let input = |content, file_name| ValidateInput { content, file_name };
    let checked = catch_unwind(AssertUnwindSafe(|| {
        run_checks(input(data, "item"), input(policy, "policy"), true)
    }));
    match checked {
        Ok(Ok(report)) => Ok(report),
        Ok(Err(error)) => Err(one_line(&error.to_string())),
        Err(_) => Err("Guard stopped on it".to_owned()),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn failed(message: String) -> InsufficientData {
    InsufficientData {
        path: WHOLE.to_string(),
        reason: Reason::PolicyFailed { message },
    }
}

/// The item as AWS Config hands it to Guard: its parts decoded.
fn document(item: &ConfigurationItem<'_>) -> Result<String, InsufficientData> {
    let json = |node: &dyn fmt::Display| {
        serde_json::from_str::<Value>(&node.to_string()).map_err(|error| failed(error.to_string()))
    };
    let mut document = Map::new();
    for (name, node) in item.root().members() {
        document.insert((*name).to_owned(), json(node)?);
    }
    document.insert("configuration".to_owned(), json(&item.configuration())?);
    let supplementary = json(&item.supplementary_configuration())?;
    document.insert("supplementaryConfiguration".to_owned(), supplementary);
    Ok(Value::Object(document).to_string())
}

fn children(record: &Value) -> impl Iterator<Item = &Value> {
    record
        .get("children")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

struct Failure {
    found: String,
    expected: String,
}

/// The first clause under a record that failed on a value that is there.
fn failure(record: &Value) -> Option<Failure> {
    // What a condition found decides only whether the rule runs.
    let is_condition = record.pointer("/container/RuleCondition").is_some()
        || record.pointer("/container/TypeCondition").is_some()
        || record.pointer("/container/Filter").is_some()
        || record.pointer("/container/WhenCondition").is_some();
    if is_condition {
        return None;
    }
    if let Some(check) = record.pointer("/container/ClauseValueCheck") {
        return clause(check);
    }
    children(record).find_map(failure)
}

fn clause(check: &Value) -> Option<Failure> {
    let (kind, check) = check.as_object()?.iter().next()?;
    // A unary check holds its value one level deeper.
    let value = check.get("value").filter(|value| value.is_object());
    let value = value.unwrap_or(check);
    if value.get("status").and_then(Value::as_str) != Some("FAIL") {
        return None;
    }
    let operator = check
        .pointer("/comparison/0")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let is_negated = check.pointer("/comparison/1") == Some(&Value::Bool(true));
    let not = if is_negated { "not " } else { "" };
    let message = value
        .get("custom_message")
        .and_then(Value::as_str)
        .map(|message| format!(": {}", one_line(message)))
        .unwrap_or_default();
    let from = value.get("from")?;
    let Some(resolved) = from.get("Resolved") else {
        // That something is missing is what only this operator asks.
        let missing = from.pointer("/UnResolved/remaining_query")?;
        return (kind == "Unary" && operator == "Exists").then(|| Failure {
            found: format!("without {}", missing.as_str().unwrap_or_default()),
            expected: format!("it to exist{message}"),
        });
    };
    let wanted = value
        .pointer("/to/Resolved/value")
        .map_or(String::new(), |to| format!(" {to}"));
    let found = resolved.get("value").unwrap_or(&Value::Null);
    let at = resolved.get("path").and_then(Value::as_str);
    Some(Failure {
        found: format!("{found} at {}", at.unwrap_or_default()),
        expected: format!("{not}{operator}{wanted}{message}"),
    })
}

#[cfg(test)]
mod tests {
    //! Oracle: Guard itself, and for what AWS Config does otherwise, cloudformation-guard issue 367.

    use bumpalo::Bump;
    use posture_model::{Source, tree};

    use super::*;

    fn judged(policy: &str, item: &str) -> String {
        let arena = Bump::new();
        let root = tree::parse(item.as_bytes(), &arena).unwrap();
        let item = ConfigurationItem::from_node(root, Source::AwsConfig, &arena).unwrap();
        match GuardPolicy::parse(policy).unwrap().evaluate(&item) {
            Ok(evaluation) => {
                format!(
                    "{}: {}",
                    evaluation.compliance_type.as_str(),
                    evaluation.reason()
                )
            }
            Err(data) => data.to_string(),
        }
    }

    const VOLUME: &str = r#"{"accountId":"123456789012","awsRegion":"us-east-1","resourceType":"AWS::EC2::Volume","resourceId":"v","tags":{"Env":"dev"},"configuration":"{\"encrypted\":false,\"size\":8}"}"#;

    #[test]
    fn a_policy_reads_the_decoded_configuration_and_explains_its_failure() {
        assert_eq!(
            judged(
                "rule encrypted when resourceType == 'AWS::EC2::Volume' { configuration.encrypted == true <<encrypt it>> }",
                VOLUME
            ),
            "NON_COMPLIANT: configuration is false at /configuration/encrypted, \
             expected Eq true: encrypt it (rule encrypted)"
        );
        assert!(judged("rule small { configuration.size <= 8 }", VOLUME).starts_with("COMPLIANT"));
    }

    #[test]
    fn a_path_that_leads_nowhere_is_skipped_and_not_failed() {
        let skipped = judged("rule x { configuration.missing.deep == 1 }", VOLUME);
        assert!(skipped.starts_with("NOT_APPLICABLE"), "{skipped}");
        let missing = judged("rule owned { tags.Owner exists }", VOLUME);
        assert!(missing.starts_with("NON_COMPLIANT"), "{missing}");
        let other = judged(
            "rule x when resourceType == 'AWS::S3::Bucket' { tags.X exists }",
            VOLUME,
        );
        assert!(other.starts_with("NOT_APPLICABLE"), "{other}");
    }

    #[test]
    fn what_was_not_read_is_no_pass() {
        let denied = VOLUME.replace(
            "\"tags\"",
            r#""unread":[{"path":"configuration.x","state":"denied","action":"ec2:X"}],"tags""#,
        );
        let judged = judged("rule small { configuration.size <= 8 }", &denied);
        assert!(judged.contains("was not read"), "{judged}");
    }

    #[test]
    fn a_broken_policy_is_refused() {
        for policy in ["", "rule x { a == ", "rule x {", "let a ="] {
            assert!(GuardPolicy::parse(policy).is_err(), "{policy:?}");
        }
    }
}
