//! An access point has its own Block Public Access settings, and they can't be changed later.
//!
//! ## Result
//! - COMPLIANT: all four settings are `true`.
//! - NON_COMPLIANT: one of them is `false` or not set. That goes for access points that only a VPC
//!   reaches, too: the page makes no exception.
//! - NOT_APPLICABLE: `excludedAccessPoints` names the access point.
//! - INSUFFICIENT_DATA: the access point was not read.
//!
//! ## What to do
//! Make a new access point with the four settings on, move its clients, delete the old one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-access-point-public-access-blocks`.

use crate::predicates::lists;
use crate::predicates::public_access;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-access-point-public-access-blocks",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 access points block public access",
    resource_types: &[ResourceType::S3AccessPoint],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: EXCLUDED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[
        own(NAME),
        own(BLOCK_ACLS),
        own(IGNORE_ACLS),
        own(BLOCK_POLICY),
        own(RESTRICT_BUCKETS),
    ],
    severity: Severity::Critical,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const NAME: Path = path("configuration.Name");
const BLOCK_ACLS: Path = path("configuration.PublicAccessBlockConfiguration.BlockPublicAcls");
const IGNORE_ACLS: Path = path("configuration.PublicAccessBlockConfiguration.IgnorePublicAcls");
const BLOCK_POLICY: Path = path("configuration.PublicAccessBlockConfiguration.BlockPublicPolicy");
const RESTRICT_BUCKETS: Path =
    path("configuration.PublicAccessBlockConfiguration.RestrictPublicBuckets");

const EXCLUDED: &str = "excludedAccessPoints";

fn check<'a>(point: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let excluded = params.list(EXCLUDED);
    if !excluded.is_empty() {
        let name = point.text(NAME)?;
        if lists::names(excluded, name) {
            let because = "the rule's parameters exclude the access point";
            return Ok(Evaluation::not_applicable(NAME, name, because));
        }
    }
    public_access::judge(
        point,
        [BLOCK_ACLS, IGNORE_ACLS, BLOCK_POLICY, RESTRICT_BUCKETS].map(|setting| (setting, true)),
    )
}
