//! Whoever may subscribe reads what is published, and whoever may publish is believed.
//!
//! ## Result
//! - COMPLIANT: each statement of the policy that allows something does so for fixed principals, or
//!   under a condition that leaves only fixed accounts, organizations, networks or resources.
//! - NON_COMPLIANT: one allows something to everybody: with wildcards or policy variables in its
//!   principals and conditions, with `NotPrincipal`, or for people who log in elsewhere.
//! - INSUFFICIENT_DATA: the policy was not read, or can't be understood: every topic has one.
//!
//! What other statements deny doesn't count. `sns:Protocol` and `sns:Endpoint` limit nobody.
//!
//! ## What to do
//! Name the principals in the topic's access policy, or limit them with `aws:SourceAccount`,
//! `aws:SourceArn` or `aws:PrincipalOrgID`.
//!
//! ## Source
//! AWS Config developer guide, managed rule `sns-topic-no-public-access`.

use crate::predicates::resource_policy;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "sns-topic-no-public-access",
    identifier: Identifier::FromId,
    version: 1,
    title: "Topic policies let nobody in but those they name",
    resource_types: &[ResourceType::SnsTopic],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(POLICY)],
    severity: Severity::High,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const POLICY: Path = path("configuration.Policy");

fn check<'a>(topic: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    resource_policy::judge(topic, POLICY, topic.node(POLICY)?)
}
