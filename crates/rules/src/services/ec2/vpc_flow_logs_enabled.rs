//! Without flow logs nobody can say afterwards who talked to whom in a VPC.
//!
//! ## Result
//! - COMPLIANT: the VPC has an active flow log; one that records `trafficType`, where that is
//!   given.
//! - NON_COMPLIANT: it has none.
//! - INSUFFICIENT_DATA: nothing says whether there are flow logs, or one was not read.
//!
//! A flow log of `ALL` traffic counts for every `trafficType`, since it holds what the parameter
//! asks for; AWS leaves it open.
//!
//! ## What to do
//! Make a flow log for the VPC, to CloudWatch Logs where somebody will search it, to S3 where it
//! is only kept.
//!
//! ## Source
//! AWS Config developer guide, managed rule `vpc-flow-logs-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "vpc-flow-logs-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "VPCs have flow logs",
    resource_types: &[ResourceType::Ec2Vpc],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: TRAFFIC_TYPE,
        kind: Kind::Text,
        default: None,
    }],
    reads: &[Read::Other(FLOW_LOGS)],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableVPCFlowLogsToCloudWatch"),
    check,
};

const STATUS: Path = path("configuration.flowLogStatus");
const TRAFFIC: Path = path("configuration.trafficType");

const FLOW_LOGS: Other = other(
    ResourceType::Ec2FlowLog,
    By::Value(path("configuration.resourceId")),
    &[STATUS, TRAFFIC],
);

const TRAFFIC_TYPE: &str = "trafficType";

fn check<'a>(vpc: &ConfigurationItem<'a>, params: &Params, context: &Context<'a>) -> Verdict<'a> {
    let wanted = params.optional_text(TRAFFIC_TYPE);
    for log in context.matching(vpc, &FLOW_LOGS, vpc.resource_id())? {
        let status = log.text(STATUS)?;
        if status != Some("ACTIVE") {
            continue;
        }
        let Some(wanted) = wanted else {
            return Ok(Evaluation::compliant(STATUS, status));
        };
        let traffic = log.text(TRAFFIC)?;
        if traffic.is_some_and(|traffic| traffic == "ALL" || traffic.eq_ignore_ascii_case(wanted)) {
            return Ok(Evaluation::compliant(TRAFFIC, traffic));
        }
    }
    let expected = wanted.map_or("an active flow log".to_owned(), |traffic| {
        format!("an active flow log of {traffic} traffic")
    });
    Ok(Evaluation::non_compliant(STATUS, None::<&str>, expected))
}
