//! An account's trails in a Region: its own, and those of other Regions and of the organization
//! that reach into it.
//!
//! Source: CloudTrail API reference, `DescribeTrails`, `GetTrailStatus`, `GetEventSelectors`.

use posture_model::tree::Node;
use posture_model::{ConfigurationItem, InsufficientData, Path, path};

use super::event_selectors::{Kind, Selectors};
use super::unread::not_collected;
use crate::{Evaluation, Params};

/// The trails.
pub const TRAILS: Path = path("supplementaryConfiguration.DescribeTrails.trailList");
/// Each trail's status, which is asked for trail by trail.
pub const STATUS: Path =
    path("supplementaryConfiguration.DescribeTrails.trailList[*].GetTrailStatus");
/// Each trail's event selectors, which are asked for trail by trail.
pub const SELECTORS: Path =
    path("supplementaryConfiguration.DescribeTrails.trailList[*].GetEventSelectors");

/// The parameter that names the bucket.
pub const BUCKET: &str = "s3BucketName";
/// The parameter that names the topic.
pub const TOPIC: &str = "snsTopicArn";
/// The parameter that names the log group.
pub const LOG_GROUP: &str = "cloudWatchLogsLogGroupArn";

/// A trail and its status.
#[derive(Debug, Clone, Copy)]
pub struct Trail<'a> {
    trail: Node<'a>,
    status: Node<'a>,
}

/// The trails with their status.
///
/// # Errors
/// Where the trails or the status of one were not read.
pub fn all<'a>(account: &ConfigurationItem<'a>) -> Result<Vec<Trail<'a>>, InsufficientData> {
    let trails = account.list(TRAILS)?.iter();
    let statuses = of_each(account, STATUS)?;
    Ok(trails
        .zip(statuses)
        .map(|(trail, status)| Trail {
            trail: *trail,
            status,
        })
        .collect())
}

/// The trails' event selectors, in the order of the trails.
///
/// # Errors
/// Where those of a trail were not read.
pub fn selectors<'a>(
    account: &ConfigurationItem<'a>,
) -> Result<Vec<Selectors<'a>>, InsufficientData> {
    let answers = of_each(account, SELECTORS)?;
    Ok(answers.into_iter().map(Selectors).collect())
}

/// The answers about each trail; none may be missing, or they would be taken for another trail's.
fn of_each<'a>(
    account: &ConfigurationItem<'a>,
    place: Path,
) -> Result<Vec<Node<'a>>, InsufficientData> {
    let answers = account.each(place)?;
    if answers.len() != account.list(TRAILS)?.len() {
        return Err(not_collected(place));
    }
    Ok(answers)
}

/// The verdict on an account that needs one trail without fault. Each trail comes with its fault.
pub fn at_least_one<'a>(
    trails: impl IntoIterator<Item = (Trail<'a>, Option<&'static str>)>,
    expected: &'static str,
) -> Evaluation<'a> {
    let mut faults = Vec::new();
    for (trail, fault) in trails {
        let name = trail.trail.text("Name");
        match fault {
            None => return Evaluation::compliant(TRAILS, name),
            Some(fault) => faults.push(format!("{}: {fault}", name.unwrap_or("a trail"))),
        }
    }
    if faults.is_empty() {
        return Evaluation::non_compliant(TRAILS, "empty", expected);
    }
    Evaluation::non_compliant(TRAILS, faults.join("; "), expected)
}

/// The verdict on an account that needs one trail of all Regions that records every S3 object event of
/// a kind, in all buckets.
///
/// # Errors
/// Where the trails, or the status or event selectors of one, were not read.
pub fn records_all_objects<'a>(
    account: &ConfigurationItem<'a>,
    kind: Kind,
    expected: &'static str,
) -> Result<Evaluation<'a>, InsufficientData> {
    let trails = all(account)?.into_iter();
    let faults = trails.zip(selectors(account)?).map(|(trail, selectors)| {
        let records = selectors.record_objects(kind, None);
        let fault = match (
            trail.is_on("IsMultiRegionTrail"),
            trail.is_logging(),
            records,
        ) {
            (false, _, _) => Some("is of one Region"),
            (true, false, _) => Some("is stopped"),
            (true, true, false) => Some("leaves objects out"),
            (true, true, true) => None,
        };
        (trail, fault)
    });
    Ok(at_least_one(faults, expected))
}

impl Trail<'_> {
    /// Whether the trail records at all; a trail can be stopped.
    pub fn is_logging(self) -> bool {
        self.status.boolean("IsLogging") == Some(true)
    }

    /// Whether a setting of the trail is on.
    pub fn is_on(self, setting: &str) -> bool {
        self.trail.boolean(setting) == Some(true)
    }

    /// Whether the trail names a KMS key.
    pub fn has_key(self) -> bool {
        self.trail
            .text("KmsKeyId")
            .is_some_and(|key| !key.is_empty())
    }

    /// Which of the targets that the parameters name the trail doesn't deliver to.
    pub fn misses_target(self, params: &Params) -> Option<&'static str> {
        // CloudTrail writes `:*` after a log group's ARN; people leave it out.
        let plain = |arn: &str| arn.trim_end_matches(":*").to_owned();
        [
            (BUCKET, "S3BucketName", "delivers to another bucket"),
            (TOPIC, "SnsTopicARN", "notifies another topic"),
            (
                LOG_GROUP,
                "CloudWatchLogsLogGroupArn",
                "delivers to another log group",
            ),
        ]
        .into_iter()
        .find(|(parameter, member, _)| {
            let found = self.trail.text(member).map(plain);
            params
                .optional_text(parameter)
                .is_some_and(|wanted| found != Some(plain(wanted)))
        })
        .map(|(_, _, fault)| fault)
    }
}

#[cfg(test)]
mod tests {
    use posture_model::tree::{Bump, parse};
    use posture_model::{ConfigurationItem, Source};

    use super::{all, selectors};

    fn counts(trails: &str) -> (Option<usize>, Option<usize>) {
        let arena = Bump::new();
        let text = format!(
            r#"{{"resourceType":"AWS::::Account","resourceId":"1","supplementaryConfiguration":
            {{"DescribeTrails":{{"trailList":{trails}}}}}}}"#
        );
        let node = parse(text.as_bytes(), &arena).unwrap();
        let item = ConfigurationItem::from_node(node, Source::AwsConfig, &arena).unwrap();
        (
            all(&item).ok().map(|trails| trails.len()),
            selectors(&item).ok().map(|selectors| selectors.len()),
        )
    }

    #[test]
    fn an_answer_that_is_missing_for_one_trail_is_missing() {
        assert_eq!(counts("[]"), (Some(0), Some(0)));
        let status = r#"{"GetTrailStatus":{}}"#;
        let both = r#"{"GetTrailStatus":{},"GetEventSelectors":{}}"#;
        assert_eq!(counts(&format!("[{both},{both}]")), (Some(2), Some(2)));
        assert_eq!(counts(&format!("[{both},{status}]")), (Some(2), None));
        assert_eq!(counts(&format!("[{both},{{}}]")), (None, None));
    }
}
