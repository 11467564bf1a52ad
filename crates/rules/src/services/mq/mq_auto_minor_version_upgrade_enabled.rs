//! Minor versions of a broker's engine bring its security fixes.
//!
//! ## Result
//! - COMPLIANT: `AutoMinorVersionUpgrade` is true.
//! - NON_COMPLIANT: it is false or not set.
//! - INSUFFICIENT_DATA: the broker was not read.
//!
//! ## What to do
//! Turn automatic minor version upgrades on, and choose a maintenance window: the broker restarts
//! in it.
//!
//! ## Source
//! AWS Config developer guide, managed rule `mq-auto-minor-version-upgrade-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "mq-auto-minor-version-upgrade-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Amazon MQ brokers take minor versions by themselves",
    resource_types: &[ResourceType::AmazonMqBroker],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(UPGRADE)],
    severity: Severity::Low,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Steps,
    check,
};

const UPGRADE: Path = path("configuration.AutoMinorVersionUpgrade");

fn check<'a>(broker: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let upgrade = broker.boolean(UPGRADE)?;
    if upgrade != Some(true) {
        return Ok(Evaluation::non_compliant(UPGRADE, upgrade, true));
    }
    Ok(Evaluation::compliant(UPGRADE, upgrade))
}
