//! Managed updates bring fixes of the platform to an environment without anybody having to
//! remember them.
//!
//! ## Result
//! - COMPLIANT: managed actions are enabled; and the update level is the one that `UpdateLevel`
//!   names, where it does.
//! - NON_COMPLIANT: managed actions are disabled or not set, or the update level is another one or
//!   not set.
//! - INSUFFICIENT_DATA: the environment's option settings were not read.
//!
//! ## What to do
//! Turn managed updates on, and choose a weekly window. `patch` takes fixes only, `minor` takes
//! new features of the platform too.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elastic-beanstalk-managed-updates-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elastic-beanstalk-managed-updates-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Beanstalk environments take managed platform updates",
    resource_types: &[ResourceType::ElasticBeanstalkEnvironment],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: UPDATE_LEVEL,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[own(ENABLED), own(LEVEL)],
    severity: Severity::High,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Steps,
    check,
};

const ENABLED: Path = path(
    "configuration.optionSettings.\"aws:elasticbeanstalk:managedactions\".ManagedActionsEnabled.value",
);
const LEVEL: Path = path(
    "configuration.optionSettings.\"aws:elasticbeanstalk:managedactions:platformupdate\".UpdateLevel.value",
);

const UPDATE_LEVEL: &str = "UpdateLevel";

fn check<'a>(environment: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let enabled = environment.boolean(ENABLED)?;
    if enabled != Some(true) {
        return Ok(Evaluation::non_compliant(ENABLED, enabled, true));
    }
    if let Some(wanted) = params.optional_text(UPDATE_LEVEL) {
        let level = environment.text(LEVEL)?;
        if level != Some(wanted) {
            return Ok(Evaluation::non_compliant(LEVEL, level, wanted.to_owned()));
        }
    }
    Ok(Evaluation::compliant(ENABLED, enabled))
}
