//! What a build did is only known while its log is kept.
//!
//! ## Result
//! - COMPLIANT: the project writes its logs to CloudWatch Logs or to S3; each that is on writes to
//!   a group that `cloudWatchGroupNames` names, or to a bucket that `s3BucketNames` names, where
//!   those are given.
//! - NON_COMPLIANT: neither is `ENABLED`, or one writes to somewhere else. A group that the project
//!   doesn't name is somewhere else. The guide leaves a project without any setting open: it fails,
//!   though CodeBuild writes to CloudWatch Logs by default.
//! - INSUFFICIENT_DATA: the project's logs were not read.
//!
//! ## What to do
//! Turn on logs to CloudWatch Logs or to S3, and let the project's role write there.
//!
//! ## Source
//! AWS Config developer guide, managed rule `codebuild-project-logging-enabled`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "codebuild-project-logging-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "CodeBuild projects keep the logs of their builds",
    resource_types: &[ResourceType::CodeBuildProject],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: BUCKETS,
            kind: Kind::List,
            default: None,
        },
        Parameter {
            name: GROUPS,
            kind: Kind::List,
            default: None,
        },
    ],
    reads: &[
        own(GROUP_STATUS),
        own(GROUP),
        own(BUCKET_STATUS),
        own(LOCATION),
    ],
    severity: Severity::Medium,
    category: Category::Logging,
    remedy: Remedy::Steps,
    check,
};

const GROUP_STATUS: Path = path("configuration.logsConfig.cloudWatchLogs.status");
const GROUP: Path = path("configuration.logsConfig.cloudWatchLogs.groupName");
const BUCKET_STATUS: Path = path("configuration.logsConfig.s3Logs.status");
const LOCATION: Path = path("configuration.logsConfig.s3Logs.location");

const BUCKETS: &str = "s3BucketNames";
const GROUPS: &str = "cloudWatchGroupNames";

const ON: Option<&str> = Some("ENABLED");

fn check<'a>(project: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let to_group = project.text(GROUP_STATUS)?;
    let to_bucket = project.text(BUCKET_STATUS)?;
    if to_group != ON && to_bucket != ON {
        let expected = "ENABLED, or logs in S3";
        return Ok(Evaluation::non_compliant(GROUP_STATUS, to_group, expected));
    }
    let groups = params.list(GROUPS);
    if to_group == ON && !groups.is_empty() {
        let group = project.text(GROUP)?;
        if !lists::names(groups, group) {
            return Ok(Evaluation::non_compliant(GROUP, group, groups.join(" or ")));
        }
    }
    let buckets = params.list(BUCKETS);
    if to_bucket == ON && !buckets.is_empty() {
        let location = project.text(LOCATION)?;
        if !lists::names(buckets, location.map(bucket_of)) {
            let expected = buckets.join(" or ");
            return Ok(Evaluation::non_compliant(LOCATION, location, expected));
        }
    }
    let place = if to_group == ON {
        GROUP_STATUS
    } else {
        BUCKET_STATUS
    };
    Ok(Evaluation::compliant(place, ON))
}

/// The bucket of a location, which has it by name or by ARN, with a prefix or without.
fn bucket_of(location: &str) -> &str {
    let location = location
        .split_once(":::")
        .map_or(location, |(_, rest)| rest);
    location.split_once('/').map_or(location, |(name, _)| name)
}
