//! An instance without a profile has no credentials of its own, and is soon given long-lived keys
//! in a file.
//!
//! ## Result
//! - COMPLIANT: an instance profile is attached; one of `IamInstanceProfileArnList`, where that is
//!   given.
//! - NON_COMPLIANT: none is attached, or one that the list doesn't name.
//! - INSUFFICIENT_DATA: the instance was not read.
//!
//! ## What to do
//! Attach a profile whose role allows what the applications on the instance need, and no more; it
//! takes effect at once. Then delete the keys that they used before.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-instance-profile-attached`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-instance-profile-attached",
    identifier: Identifier::FromId,
    version: 1,
    title: "EC2 instances have an IAM instance profile",
    resource_types: &[ResourceType::Ec2Instance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ALLOWED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(PROFILE)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("AWS-AttachIAMToInstance"),
    check,
};

const PROFILE: Path = path("configuration.iamInstanceProfile.arn");

const ALLOWED: &str = "IamInstanceProfileArnList";

fn check<'a>(instance: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let profile = instance.text(PROFILE)?;
    let Some(arn) = profile else {
        return Ok(Evaluation::non_compliant(
            PROFILE,
            profile,
            "an instance profile",
        ));
    };
    let allowed = params.list(ALLOWED);
    if !allowed.is_empty() && !allowed.iter().any(|wanted| wanted == arn) {
        return Ok(Evaluation::non_compliant(
            PROFILE,
            arn,
            allowed.join(" or "),
        ));
    }
    Ok(Evaluation::compliant(PROFILE, arn))
}
