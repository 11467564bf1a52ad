//! ECS task definitions: the revision that counts, and the containers in it.
//!
//! Source: AWS Config developer guide, notes of the rules on task definitions; ECS developer guide,
//! task definition states.

use super::unread::{malformed, not_collected};
use crate::prelude::*;

/// The state of a revision.
pub const STATUS: Path = path("configuration.Status");
/// The family whose revision it is.
pub const FAMILY: Path = path("configuration.Family");
/// The ARN of the revision, which ends in its number.
pub const ARN: Path = path("configuration.TaskDefinitionArn");
/// The containers of the revision.
pub const CONTAINERS: Path = path("configuration.ContainerDefinitions");

/// The other revisions of the family.
pub const REVISIONS: Other = other(
    ResourceType::EcsTaskDefinition,
    By::Value(FAMILY),
    &[STATUS, ARN],
);

/// The verdict on a revision that AWS's rules pass over: they judge the newest active revision of a
/// family. With `judges_inactive`, the newest of a family that has no active one is judged too.
///
/// # Errors
/// Where the revision's state, family or number was not read, or nothing says which others exist.
pub fn passed_over<'a>(
    revision: &ConfigurationItem<'a>,
    context: &Context<'a>,
    judges_inactive: bool,
) -> Result<Option<Evaluation<'a>>, InsufficientData> {
    let status = revision.text(STATUS)?;
    let is_judged = match status {
        None | Some("ACTIVE") => true,
        Some("INACTIVE") => judges_inactive,
        Some(_) => false,
    };
    if !is_judged {
        let because = "the revision can't be run any more";
        return Ok(Some(Evaluation::not_applicable(STATUS, status, because)));
    }
    let family = revision
        .text(FAMILY)?
        .ok_or_else(|| not_collected(FAMILY))?;
    let own = rank(revision)?;
    for other in context.matching(revision, &REVISIONS, family)? {
        let rank = rank(other)?;
        if rank > own {
            let because = format!("revision {} of the family stands in its place", rank.1);
            let found = format!("revision {}", own.1);
            return Ok(Some(Evaluation::not_applicable(ARN, found, because)));
        }
    }
    Ok(None)
}

/// The containers of a revision.
///
/// # Errors
/// Where they were not read; also where there are none, since ECS registers no such revision.
pub fn containers<'a>(
    revision: &ConfigurationItem<'a>,
) -> Result<&'a [Node<'a>], InsufficientData> {
    match revision.list(CONTAINERS)? {
        [] => Err(not_collected(CONTAINERS)),
        containers => Ok(containers),
    }
}

/// Active before inactive, then by number.
fn rank(revision: &ConfigurationItem<'_>) -> Result<(bool, i64), InsufficientData> {
    let is_active = revision
        .text(STATUS)?
        .is_none_or(|status| status == "ACTIVE");
    let arn = revision.text(ARN)?.ok_or_else(|| not_collected(ARN))?;
    let number = arn.rsplit_once(':').and_then(|(_, end)| end.parse().ok());
    let number = number
        .ok_or_else(|| malformed(ARN, "a string", "an ARN that ends in a revision's number"))?;
    Ok((is_active, number))
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;
    use jiff::Timestamp;
    use posture_model::{Source, tree};

    use super::*;
    use crate::{ComplianceType, NoRelated};

    fn verdict(configuration: &str, judges_inactive: bool) -> Result<Option<String>, String> {
        let arena = Bump::new();
        let text = format!(
            r#"{{"accountId":"123456789012","awsRegion":"eu-west-1","resourceId":"t",
            "resourceType":"AWS::ECS::TaskDefinition","configuration":{configuration}}}"#
        );
        let root = tree::parse(text.as_bytes(), &arena).unwrap();
        let item = ConfigurationItem::from_node(root, Source::Recorder, &arena).unwrap();
        let context = Context::new(Timestamp::UNIX_EPOCH, &NoRelated);
        match passed_over(&item, &context, judges_inactive) {
            Ok(evaluation) => Ok(evaluation.map(|evaluation| {
                assert_eq!(evaluation.compliance_type, ComplianceType::NotApplicable);
                evaluation.reason()
            })),
            Err(data) => Err(data.to_string()),
        }
    }

    #[test]
    fn a_revision_that_cannot_run_is_passed_over_whatever_else_is_known() {
        let why = "configuration.Status is INACTIVE: the revision can't be run any more";
        let inactive = verdict(r#"{"Status":"INACTIVE"}"#, false);
        assert_eq!(inactive, Ok(Some(why.to_owned())));
        let deleting = verdict(r#"{"Status":"DELETE_IN_PROGRESS"}"#, true);
        assert!(deleting.is_ok_and(|verdict| verdict.is_some()));
    }

    #[test]
    fn what_is_not_known_is_no_verdict() {
        let family = verdict(r#"{"Status":"ACTIVE"}"#, false);
        assert!(family.is_err_and(|error| error.starts_with("configuration.Family")));
        let number = verdict(r#"{"Family":"web","TaskDefinitionArn":"web"}"#, false);
        assert!(number.is_err_and(|error| error.starts_with("configuration.TaskDefinitionArn")));
        let others = verdict(
            r#"{"Family":"web","TaskDefinitionArn":"arn:aws:ecs:eu-west-1:1:task-definition/web:7"}"#,
            false,
        );
        assert!(others.is_err_and(|error| error.contains("AWS::ECS::TaskDefinition")));
    }
}
