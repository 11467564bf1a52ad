//! Whoever may send to a queue feeds what reads it; whoever may receive takes messages away.
//!
//! ## Result
//! - COMPLIANT: each statement of the policy that allows something does so for fixed principals, or
//!   under a condition that leaves only fixed accounts, organizations, networks or resources; or
//!   the queue has no policy.
//! - NON_COMPLIANT: one allows something to everybody: with wildcards or policy variables in its
//!   principals and conditions, with `NotPrincipal`, or for people who log in elsewhere.
//! - INSUFFICIENT_DATA: the policy was not read, or can't be understood.
//!
//! What other statements deny doesn't count. Policies are read as SQS answers: AWS Config's schema
//! of queues has none.
//!
//! ## What to do
//! Name the principals in the queue's access policy, or limit them with `aws:SourceAccount`,
//! `aws:SourceArn` or `aws:PrincipalOrgID`.
//!
//! ## Source
//! AWS Config developer guide, managed rule `sqs-queue-no-public-access`.

use crate::evaluation::Shown;
use crate::predicates::resource_policy;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "sqs-queue-no-public-access",
    identifier: Identifier::FromId,
    version: 1,
    title: "Queue policies let nobody in but those they name",
    resource_types: &[ResourceType::SqsQueue],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(POLICY), own(ARN)],
    severity: Severity::High,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const POLICY: Path = path("supplementaryConfiguration.GetQueueAttributes.Attributes.Policy");
const ARN: Path = path("supplementaryConfiguration.GetQueueAttributes.Attributes.QueueArn");

fn check<'a>(queue: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    match queue.node(POLICY)? {
        // SQS leaves out the policy where there is none, and never the ARN.
        None if queue.text(ARN)?.is_some() => Ok(Evaluation::compliant(POLICY, Shown::Nothing)),
        policy => resource_policy::judge(queue, POLICY, policy),
    }
}
