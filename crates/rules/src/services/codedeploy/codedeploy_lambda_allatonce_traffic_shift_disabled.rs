//! A version that gets all of the traffic at once fails for everybody at once.
//!
//! ## Result
//! - COMPLIANT: the deployment group for Lambda uses another deployment configuration than
//!   `CodeDeployDefault.LambdaAllAtOnce`.
//! - NON_COMPLIANT: it uses that one.
//! - NOT_APPLICABLE: the deployment group is for servers or for ECS.
//! - INSUFFICIENT_DATA: the group's compute platform or its deployment configuration was not read
//!   or is not set.
//!
//! ## What to do
//! Choose a configuration that shifts traffic in steps, such as
//! `CodeDeployDefault.LambdaCanary10Percent5Minutes`, and let alarms roll it back.
//!
//! ## Source
//! AWS Config developer guide, managed rule `codedeploy-lambda-allatonce-traffic-shift-disabled`.

use crate::predicates::unread::not_collected;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "codedeploy-lambda-allatonce-traffic-shift-disabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "CodeDeploy shifts traffic to new Lambda versions in steps",
    resource_types: &[ResourceType::CodeDeployDeploymentGroup],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(PLATFORM), own(CONFIGURATION)],
    severity: Severity::Medium,
    category: Category::ResourceConfiguration,
    remedy: Remedy::Steps,
    check,
};

const PLATFORM: Path = path("configuration.computePlatform");
const CONFIGURATION: Path = path("configuration.deploymentConfigName");

const ALL_AT_ONCE: &str = "CodeDeployDefault.LambdaAllAtOnce";

fn check<'a>(group: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let configuration = group.text(CONFIGURATION)?;
    if configuration == Some(ALL_AT_ONCE) {
        let expected = "a configuration that shifts traffic in steps";
        return Ok(Evaluation::non_compliant(
            CONFIGURATION,
            configuration,
            expected,
        ));
    }
    let platform = group
        .text(PLATFORM)?
        .ok_or_else(|| not_collected(PLATFORM))?;
    if platform != "Lambda" {
        let because = "the rule is for deployments of Lambda functions";
        return Ok(Evaluation::not_applicable(PLATFORM, platform, because));
    }
    let Some(configuration) = configuration else {
        // Every group has a configuration: without it there is nothing to judge by.
        return Err(not_collected(CONFIGURATION));
    };
    Ok(Evaluation::compliant(CONFIGURATION, configuration))
}
