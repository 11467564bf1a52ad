//! With MFA delete, a stolen access key alone can't destroy the versions of a bucket's objects.
//!
//! ## Result
//! - COMPLIANT: MFA delete is on.
//! - NON_COMPLIANT: MFA delete is off, or was never set.
//! - INSUFFICIENT_DATA: the bucket's versioning was not read.
//!
//! ## What to do
//! Turn it on with the root user's credentials and MFA device, on the command line: the console
//! can't, nor can CloudFormation. A bucket with lifecycle rules can't have it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-mfa-delete-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-mfa-delete-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets delete versions only with MFA",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(MFA_DELETE)],
    severity: Severity::Low,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const MFA_DELETE: Path =
    path("supplementaryConfiguration.BucketVersioningConfiguration.isMfaDeleteEnabled");

fn check<'a>(bucket: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let mfa_delete = bucket.boolean(MFA_DELETE)?;
    if mfa_delete != Some(true) {
        return Ok(Evaluation::non_compliant(MFA_DELETE, mfa_delete, true));
    }
    Ok(Evaluation::compliant(MFA_DELETE, mfa_delete))
}
