//! Enhanced health reporting watches the operating system and the responses of each instance,
//! where basic reporting only asks whether it answers at all.
//!
//! ## Result
//! - COMPLIANT: the environment reports its health as `enhanced`.
//! - NON_COMPLIANT: it reports as `basic`, or nothing is set: an environment without the setting
//!   reports as `basic`.
//! - INSUFFICIENT_DATA: the environment's option settings were not read.
//!
//! ## What to do
//! Set `SystemType` to `enhanced` in the namespace `aws:elasticbeanstalk:healthreporting:system`.
//! The environment needs a service role and an instance profile that may report health.
//!
//! ## Source
//! AWS Config developer guide, managed rule `beanstalk-enhanced-health-reporting-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "beanstalk-enhanced-health-reporting-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Beanstalk environments report enhanced health",
    resource_types: &[ResourceType::ElasticBeanstalkEnvironment],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(SYSTEM_TYPE)],
    severity: Severity::Low,
    category: Category::DetectionServices,
    remedy: Remedy::Steps,
    check,
};

const SYSTEM_TYPE: Path = path(
    "configuration.optionSettings.\"aws:elasticbeanstalk:healthreporting:system\".SystemType.value",
);

fn check<'a>(environment: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let system_type = environment.text(SYSTEM_TYPE)?;
    if system_type != Some("enhanced") {
        return Ok(Evaluation::non_compliant(
            SYSTEM_TYPE,
            system_type,
            "enhanced",
        ));
    }
    Ok(Evaluation::compliant(SYSTEM_TYPE, system_type))
}
