//! Logs that stay on an instance go with it; those in CloudWatch Logs outlive it.
//!
//! ## Result
//! - COMPLIANT: the environment streams its instance logs; and keeps them as `RetentionInDays` and
//!   `DeleteOnTerminate` say, where they are given.
//! - NON_COMPLIANT: streaming is off or not set, or a setting differs from its parameter or is not
//!   set. Logs that are kept longer than asked for differ too.
//! - INSUFFICIENT_DATA: the environment's option settings were not read.
//!
//! ## What to do
//! Set `StreamLogs` to `true` in the namespace `aws:elasticbeanstalk:cloudwatch:logs`, and choose
//! how long the logs are kept. The instance profile needs permission to write to CloudWatch Logs.
//!
//! ## Source
//! AWS Config developer guide, managed rule `elastic-beanstalk-logs-to-cloudwatch`; Elastic
//! Beanstalk developer guide, general options.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "elastic-beanstalk-logs-to-cloudwatch",
    identifier: Identifier::FromId,
    version: 1,
    title: "Beanstalk environments stream their logs to CloudWatch Logs",
    resource_types: &[ResourceType::ElasticBeanstalkEnvironment],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: RETENTION_IN_DAYS,
            kind: Kind::Integer,
            default: None,
        },
        Parameter {
            name: DELETE_ON_TERMINATE,
            kind: Kind::Boolean,
            default: None,
        },
    ],
    reads: &[own(STREAM), own(RETENTION), own(DELETE)],
    severity: Severity::High,
    category: Category::Logging,
    remedy: Remedy::Automation(
        "AWSConfigRemediation-EnableElasticBeanstalkEnvironmentLogStreaming",
    ),
    check,
};

const STREAM: Path =
    path("configuration.optionSettings.\"aws:elasticbeanstalk:cloudwatch:logs\".StreamLogs.value");
const RETENTION: Path = path(
    "configuration.optionSettings.\"aws:elasticbeanstalk:cloudwatch:logs\".RetentionInDays.value",
);
const DELETE: Path = path(
    "configuration.optionSettings.\"aws:elasticbeanstalk:cloudwatch:logs\".DeleteOnTerminate.value",
);

const RETENTION_IN_DAYS: &str = "RetentionInDays";
const DELETE_ON_TERMINATE: &str = "DeleteOnTerminate";

fn check<'a>(environment: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let stream = environment.boolean(STREAM)?;
    if stream != Some(true) {
        return Ok(Evaluation::non_compliant(STREAM, stream, true));
    }
    if let Some(wanted) = params.optional_integer(RETENTION_IN_DAYS) {
        let days = environment.integer(RETENTION)?;
        if days != Some(wanted) {
            return Ok(Evaluation::non_compliant(RETENTION, days, wanted));
        }
    }
    if let Some(wanted) = params.optional_boolean(DELETE_ON_TERMINATE) {
        let delete = environment.boolean(DELETE)?;
        if delete != Some(wanted) {
            return Ok(Evaluation::non_compliant(DELETE, delete, wanted));
        }
    }
    Ok(Evaluation::compliant(STREAM, stream))
}
