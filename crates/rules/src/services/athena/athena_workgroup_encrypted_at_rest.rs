//! Query results hold whatever the query read, and they lie in a bucket that Athena's readers
//! share.
//!
//! ## Result
//! - COMPLIANT: the workgroup encrypts its query results, in any of Athena's three ways.
//! - NON_COMPLIANT: the workgroup sets no encryption of query results.
//! - INSUFFICIENT_DATA: the workgroup's configuration was not read.
//!
//! ## What to do
//! Set an encryption option on the workgroup's result configuration, and let the workgroup override
//! client-side settings: otherwise a client may still ask for unencrypted results.
//!
//! ## Source
//! AWS Config developer guide, managed rule `athena-workgroup-encrypted-at-rest`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "athena-workgroup-encrypted-at-rest",
    identifier: Identifier::FromId,
    version: 1,
    title: "Athena workgroups encrypt their query results",
    resource_types: &[ResourceType::AthenaWorkGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(OPTION)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const OPTION: Path = path(
    "configuration.WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration.EncryptionOption",
);

const OPTIONS: [&str; 3] = ["SSE_S3", "SSE_KMS", "CSE_KMS"];

fn check<'a>(workgroup: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    match workgroup.text(OPTION)? {
        Some(option) if OPTIONS.contains(&option) => Ok(Evaluation::compliant(OPTION, option)),
        other => Ok(Evaluation::non_compliant(
            OPTION,
            other,
            OPTIONS.join(" or "),
        )),
    }
}
