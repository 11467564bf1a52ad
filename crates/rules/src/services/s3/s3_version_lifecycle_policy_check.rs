//! Every old version of an object is billed until something removes it.
//!
//! ## Result
//! - COMPLIANT: the bucket keeps versions and has a lifecycle rule that is `Enabled`.
//! - NON_COMPLIANT: the bucket keeps versions and has no lifecycle rule, or none that is `Enabled`.
//! - NOT_APPLICABLE: versioning is not `Enabled`; or `bucketNames` is given and doesn't name the
//!   bucket. The page leaves open what the parameter does; nothing passes by it here.
//! - INSUFFICIENT_DATA: the bucket's versioning or lifecycle was not read.
//!
//! ## What to do
//! Add a lifecycle rule that expires noncurrent versions, and one that aborts incomplete uploads.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-version-lifecycle-policy-check`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-version-lifecycle-policy-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets that keep versions have lifecycle rules",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: BUCKETS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(NAME), own(VERSIONING), own(RULES)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const NAME: Path = path("configuration.name");
const VERSIONING: Path = path("supplementaryConfiguration.BucketVersioningConfiguration.status");
const RULES: Path = path("supplementaryConfiguration.BucketLifecycleConfiguration.rules");

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
    let versioning = bucket.text(VERSIONING)?;
    if versioning != Some("Enabled") {
        let because = "the rule is for buckets that keep versions";
        return Ok(Evaluation::not_applicable(VERSIONING, versioning, because));
    }
    let rules = bucket.list(RULES)?;
    if !rules
        .iter()
        .any(|rule| rule.text("status") == Some("Enabled"))
    {
        let expected = "a lifecycle rule that is enabled";
        return Ok(Evaluation::non_compliant(
            RULES,
            bucket.node(RULES)?,
            expected,
        ));
    }
    Ok(Evaluation::compliant(RULES, "with a rule that is enabled"))
}
