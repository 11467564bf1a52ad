//! Versioning keeps every earlier version of every object, so that an overwrite or a delete can be
//! undone.
//!
//! ## Result
//! - COMPLIANT: versioning is `Enabled`; so is MFA delete where `isMfaDeleteEnabled` asks for it.
//! - NON_COMPLIANT: versioning is `Off` or `Suspended`, or MFA delete is asked for and off.
//! - INSUFFICIENT_DATA: versioning was not read; the reason names the call and the permission.
//!
//! ## What to do
//! Turn versioning on, and give the bucket a lifecycle rule for old versions: each one is billed as
//! an object. Versioning can be suspended later but never removed. MFA delete can only be set with
//! the root user's credentials.
//!
//! ## Source
//! AWS Config developer guide, managed rule `s3-bucket-versioning-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "s3-bucket-versioning-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "S3 buckets keep the earlier versions of their objects",
    resource_types: &[ResourceType::S3Bucket],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: REQUIRE_MFA_DELETE,
        kind: Kind::Boolean,
        default: None,
    }],
    reads: &[own(STATUS), own(MFA_DELETE)],
    severity: Severity::Low,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWS-ConfigureS3BucketVersioning"),
    check,
};

const STATUS: Path = path("supplementaryConfiguration.BucketVersioningConfiguration.status");
const MFA_DELETE: Path =
    path("supplementaryConfiguration.BucketVersioningConfiguration.isMfaDeleteEnabled");

const REQUIRE_MFA_DELETE: &str = "isMfaDeleteEnabled";

fn check<'a>(bucket: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let status = bucket.text(STATUS)?;
    if status != Some("Enabled") {
        return Ok(Evaluation::non_compliant(STATUS, status, "Enabled"));
    }
    if params.is_true(REQUIRE_MFA_DELETE) {
        let mfa_delete = bucket.boolean(MFA_DELETE)?;
        if mfa_delete != Some(true) {
            return Ok(Evaluation::non_compliant(MFA_DELETE, mfa_delete, true));
        }
    }
    Ok(Evaluation::compliant(STATUS, status))
}
