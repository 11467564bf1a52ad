//! With encryption by default no new volume or snapshot in the Region is left in the clear by an
//! oversight.
//!
//! ## Result
//! - COMPLIANT: encryption by default is on in the Region.
//! - NON_COMPLIANT: it is off or not set.
//! - INSUFFICIENT_DATA: the setting was not read.
//!
//! ## What to do
//! Turn encryption by default on in each Region. Volumes that exist stay as they are.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-ebs-encryption-by-default`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-ebs-encryption-by-default",
    identifier: Identifier::FromId,
    version: 1,
    title: "New EBS volumes are encrypted by default",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(BY_DEFAULT)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableEbsEncryptionByDefault"),
    check,
};

const BY_DEFAULT: Path =
    path("supplementaryConfiguration.GetEbsEncryptionByDefault.EbsEncryptionByDefault");

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let by_default = account.boolean(BY_DEFAULT)?;
    if by_default != Some(true) {
        return Ok(Evaluation::non_compliant(BY_DEFAULT, by_default, true));
    }
    Ok(Evaluation::compliant(BY_DEFAULT, by_default))
}
