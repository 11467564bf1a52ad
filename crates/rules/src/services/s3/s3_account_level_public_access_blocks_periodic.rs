//! The account's Block Public Access settings hold for every bucket that it has and will have.
//!
//! ## Result
//! - COMPLIANT: the four settings are what the parameters say; without parameters, all `true`.
//! - NON_COMPLIANT: a setting differs from its parameter; one that is not set counts as `false`. The
//!   page says "match", so a setting that is on where `False` is asked for differs, too.
//! - INSUFFICIENT_DATA: the settings were not read.
//!
//! ## What to do
//! Turn on all four settings for the account. First see which buckets are public on purpose: they
//! stop being so at once.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-account-level-public-access-blocks-periodic`.

use crate::predicates::public_access;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-account-level-public-access-blocks-periodic",
    identifier: Identifier::FromId,
    version: 1,
    title: "The account blocks public access to S3",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Global,
    parameters: &[
        Parameter {
            name: WANT_BLOCK_ACLS,
            kind: Kind::Boolean,
            default: Some("True"),
        },
        Parameter {
            name: WANT_IGNORE_ACLS,
            kind: Kind::Boolean,
            default: Some("True"),
        },
        Parameter {
            name: WANT_BLOCK_POLICY,
            kind: Kind::Boolean,
            default: Some("True"),
        },
        Parameter {
            name: WANT_RESTRICT_BUCKETS,
            kind: Kind::Boolean,
            default: Some("True"),
        },
    ],
    reads: &[
        own(BLOCK_ACLS),
        own(IGNORE_ACLS),
        own(BLOCK_POLICY),
        own(RESTRICT_BUCKETS),
    ],
    severity: Severity::Medium,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Automation("AWSConfigRemediation-ConfigureS3PublicAccessBlock"),
    check,
};

const BLOCK_ACLS: Path = path(
    "supplementaryConfiguration.GetPublicAccessBlock.PublicAccessBlockConfiguration.BlockPublicAcls",
);
const IGNORE_ACLS: Path = path(
    "supplementaryConfiguration.GetPublicAccessBlock.PublicAccessBlockConfiguration.IgnorePublicAcls",
);
const BLOCK_POLICY: Path = path(
    "supplementaryConfiguration.GetPublicAccessBlock.PublicAccessBlockConfiguration.BlockPublicPolicy",
);
const RESTRICT_BUCKETS: Path = path(
    "supplementaryConfiguration.GetPublicAccessBlock.PublicAccessBlockConfiguration.RestrictPublicBuckets",
);

const WANT_BLOCK_ACLS: &str = "BlockPublicAcls";
const WANT_IGNORE_ACLS: &str = "IgnorePublicAcls";
const WANT_BLOCK_POLICY: &str = "BlockPublicPolicy";
const WANT_RESTRICT_BUCKETS: &str = "RestrictPublicBuckets";

fn check<'a>(item: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    public_access::judge(
        item,
        [
            (BLOCK_ACLS, params.is_true(WANT_BLOCK_ACLS)),
            (IGNORE_ACLS, params.is_true(WANT_IGNORE_ACLS)),
            (BLOCK_POLICY, params.is_true(WANT_BLOCK_POLICY)),
            (RESTRICT_BUCKETS, params.is_true(WANT_RESTRICT_BUCKETS)),
        ],
    )
}
