//! The audit log says who changed which user, queue or topic of a broker.
//!
//! ## Result
//! - COMPLIANT: the broker's audit log goes to CloudWatch Logs.
//! - NON_COMPLIANT: it doesn't, or only will after the next reboot. AWS makes no exception for
//!   RabbitMQ brokers, which have no audit log: they fail.
//! - INSUFFICIENT_DATA: the broker's logs were not read.
//!
//! ## What to do
//! Turn the audit log on, give Amazon MQ a resource policy for its log groups, and reboot the
//! broker: the change waits for that. For RabbitMQ, write down why the failure stands.
//!
//! AWS has this check twice; this is the one that runs at a frequency.
//!
//! ## Source
//! AWS Config developer guide, managed rule `mq-cloudwatch-audit-logging-enabled`.

use crate::predicates::broker;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "mq-cloudwatch-audit-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Amazon MQ brokers have audit logging on",
    resource_types: &[ResourceType::AmazonMqBroker],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(broker::AUDIT)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

fn check<'a>(item: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    broker::keeps_audit_log(item)
}
