//! What nobody moves or deletes is billed for ever, and kept longer than it may be.
//!
//! ## Result
//! - COMPLIANT: the bucket has a lifecycle rule that is `Enabled` and has all that the parameters
//!   ask for: a transition after `targetTransitionDays` days to `targetTransitionStorageClass`, an
//!   expiration after `targetExpirationDays` days, and `targetPrefix` as its prefix.
//! - NON_COMPLIANT: it has no such rule.
//! - NOT_APPLICABLE: `bucketNames` is given and doesn't name the bucket.
//! - INSUFFICIENT_DATA: the bucket's lifecycle was not read.
//!
//! AWS does not say whether numbers of days are limits; the page says "match", so they are to be
//! equal. One rule has to have everything, and both of a transition's values in one transition.
//! Storage classes are S3's: `STANDARD_IA`.
//!
//! ## What to do
//! Add a lifecycle rule that moves or expires objects, and one that aborts incomplete uploads.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-lifecycle-policy-check`.

use crate::predicates::lists;
use crate::predicates::unread::{integer, list, text};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-lifecycle-policy-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets have lifecycle rules",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: TRANSITION_DAYS,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: EXPIRATION_DAYS,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: STORAGE_CLASS,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: PREFIX,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: BUCKETS,
            kind: Kind::List,
            default: None,
        },
    ],
    reads: &[own(NAME), own(RULES)],
    severity: Severity::Low,
    category: Category::DataProtection,
    remedy: Remedy::Automation("ASR-SetS3LifecyclePolicy"),
    check,
};

const NAME: Path = path("configuration.name");
const RULES: Path = path("supplementaryConfiguration.BucketLifecycleConfiguration.rules");

const TRANSITION_DAYS: &str = "targetTransitionDays";
const EXPIRATION_DAYS: &str = "targetExpirationDays";
const STORAGE_CLASS: &str = "targetTransitionStorageClass";
const PREFIX: &str = "targetPrefix";
const BUCKETS: &str = "bucketNames";

fn check<'a>(bucket: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let named = params.list(BUCKETS);
    if !named.is_empty() {
        let name = bucket.text(NAME)?;
        if !lists::names(named, name) {
            let because = format!("the rule is for {}", named.join(", "));
            return Ok(Evaluation::not_applicable(NAME, name, because));
        }
    }
    for rule in bucket.list(RULES)? {
        if text(RULES, *rule, "status")? == Some("Enabled") && is_wanted(*rule, params)? {
            let found = "with a rule that is enabled and as asked for";
            return Ok(Evaluation::compliant(RULES, found));
        }
    }
    Ok(Evaluation::non_compliant(
        RULES,
        bucket.node(RULES)?,
        expected(params),
    ))
}

/// Whether a lifecycle rule has all that the parameters ask for.
fn is_wanted(rule: Node<'_>, params: &Params) -> Result<bool, InsufficientData> {
    let expiration = params.optional_integer(EXPIRATION_DAYS);
    if expiration.is_some() && integer(RULES, rule, "expirationInDays")? != expiration {
        return Ok(false);
    }
    let wanted = params.optional_text(PREFIX);
    if wanted.is_some() && prefix(rule)? != wanted {
        return Ok(false);
    }
    let days = params.optional_integer(TRANSITION_DAYS);
    let class = params.optional_text(STORAGE_CLASS);
    if days.is_none() && class.is_none() {
        return Ok(true);
    }
    for transition in list(RULES, rule, "transitions")? {
        let found = text(RULES, *transition, "storageClass")?;
        let is_class = class.is_none_or(|class| found == Some(class));
        if is_class && (days.is_none() || integer(RULES, *transition, "days")? == days) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The prefix of a rule: of its filter, by itself or beside tags; older rules have it as a member.
fn prefix(rule: Node<'_>) -> Result<Option<&str>, InsufficientData> {
    if let Some(prefix) = text(RULES, rule, "prefix")? {
        return Ok(Some(prefix));
    }
    let Some(predicate) = rule.get("filter").and_then(|it| it.get("predicate")) else {
        return Ok(None);
    };
    let operands = predicate.items("operands").iter().copied();
    Ok(std::iter::once(predicate)
        .chain(operands)
        .find_map(|predicate| predicate.text("prefix")))
}

fn expected(params: &Params) -> String {
    let days = |name| params.optional_integer(name).map(|days| days.to_string());
    let words = |name| params.optional_text(name).map(str::to_owned);
    let asked = [
        ("a transition after days:", days(TRANSITION_DAYS)),
        ("a transition to", words(STORAGE_CLASS)),
        ("an expiration after days:", days(EXPIRATION_DAYS)),
        ("the prefix", words(PREFIX)),
    ];
    let asked = asked
        .into_iter()
        .filter_map(|(what, value)| Some(format!("{what} {}", value?)));
    let asked: Vec<String> = asked.collect();
    if asked.is_empty() {
        return "a lifecycle rule that is enabled".to_owned();
    }
    format!(
        "a lifecycle rule that is enabled, with {}",
        asked.join(", ")
    )
}
