//! Which resources AWS Backup's selections assign to a backup plan.
//!
//! Whether the Region has opted in to the resource's type is left out, as AWS's rules leave it out.
//! Where AWS's pages are open, the reading that covers less is taken: a resource without the tag of
//! a negated condition doesn't meet it, and conditions narrow lists of tags too.
//!
//! Source: AWS Backup API reference, `BackupSelection`; developer guide, assigning resources.

use posture_model::tree::Node;
use posture_model::{ConfigurationItem, InsufficientData, Path, ResourceType, path};

use crate::predicates::unread::not_collected;
use crate::{By, Context, Evaluation, Other, Verdict, other};

/// What selections name resources by.
pub const ARN: Path = path("arn");
/// What selections find resources by.
pub const TAGS: Path = path("tags");

/// The plan that a selection is of.
pub const PLAN_ID: Path = path("configuration.BackupPlanId");
const RESOURCES: Path = path("configuration.BackupSelection.Resources");
const NOT_RESOURCES: Path = path("configuration.BackupSelection.NotResources");
// AWS Config's schema of selections has neither of these.
const LIST_OF_TAGS: Path =
    path("supplementaryConfiguration.GetBackupSelection.BackupSelection.ListOfTags");
const CONDITIONS: Path =
    path("supplementaryConfiguration.GetBackupSelection.BackupSelection.Conditions");

/// Every selection of the account and Region.
pub const SELECTIONS: Other = other(
    ResourceType::BackupBackupSelection,
    By::Type,
    &[PLAN_ID, RESOURCES, NOT_RESOURCES, LIST_OF_TAGS, CONDITIONS],
);

/// The selections that cover a resource, as far as they could be read.
pub struct Coverage<'a> {
    /// Those that do.
    pub selections: Vec<&'a ConfigurationItem<'a>>,
    /// Why others can't be told about.
    pub unread: Option<InsufficientData>,
}

/// Looks for the selections that cover a resource.
///
/// # Errors
/// Where the resource's ARN was not read, or nothing says which selections there are.
pub fn coverage<'a>(
    resource: &ConfigurationItem<'a>,
    context: &Context<'a>,
) -> Result<Coverage<'a>, InsufficientData> {
    let Some(arn) = resource.text(ARN)? else {
        return Err(not_collected(ARN));
    };
    let mut coverage = Coverage {
        selections: Vec::new(),
        unread: None,
    };
    for selection in context.all(resource, &SELECTIONS)? {
        match covers(selection, resource, arn) {
            Ok(true) => coverage.selections.push(selection),
            Ok(false) => {}
            Err(unread) => coverage.unread = Some(unread),
        }
    }
    Ok(coverage)
}

/// Judges whether a resource is in a backup plan.
///
/// # Errors
/// Where that can't be told.
pub fn in_a_plan<'a>(resource: &ConfigurationItem<'a>, context: &Context<'a>) -> Verdict<'a> {
    let coverage = coverage(resource, context)?;
    if let Some(selection) = coverage.selections.first() {
        let found = format!("in the backup selection {}", selection.name());
        return Ok(Evaluation::compliant(ARN, found));
    }
    match coverage.unread {
        Some(unread) => Err(unread),
        None => Ok(uncovered(resource)),
    }
}

/// The verdict on a resource that no selection covers.
pub fn uncovered<'a>(resource: &ConfigurationItem<'a>) -> Evaluation<'a> {
    let expected = "one that a backup plan's selection covers";
    Evaluation::non_compliant(ARN, resource.arn(), expected)
}

fn covers<'a>(
    selection: &ConfigurationItem<'a>,
    resource: &ConfigurationItem<'a>,
    arn: &str,
) -> Result<bool, InsufficientData> {
    if names(selection.list(NOT_RESOURCES)?, arn) {
        return Ok(false);
    }
    let resources = selection.list(RESOURCES)?;
    if !names(resources, arn) {
        let tags = selection.list(LIST_OF_TAGS)?;
        // A selection that names nothing takes everything.
        let is_open = resources.is_empty() && tags.is_empty();
        if !is_open && !has_one_of(resource, tags)? {
            return Ok(false);
        }
    }
    match selection.node(CONDITIONS)? {
        Some(conditions) => meets_all(resource, conditions),
        None => Ok(true),
    }
}

fn names(patterns: &[Node<'_>], arn: &str) -> bool {
    patterns
        .iter()
        .any(|pattern| pattern.as_text().is_some_and(|pattern| like(pattern, arn)))
}

/// Whether a resource has one of these tags; `STRINGEQUALS` is all that the list knows.
fn has_one_of(
    resource: &ConfigurationItem<'_>,
    tags: &[Node<'_>],
) -> Result<bool, InsufficientData> {
    if tags.is_empty() {
        return Ok(false);
    }
    resource.node(TAGS)?;
    let has = |tag: &Node<'_>| {
        tag.text("ConditionType") == Some("STRINGEQUALS") && meets("StringEquals", *tag, resource)
    };
    Ok(tags.iter().any(has))
}

fn meets_all(
    resource: &ConfigurationItem<'_>,
    conditions: Node<'_>,
) -> Result<bool, InsufficientData> {
    let mut all = conditions.members().iter().flat_map(|(operator, list)| {
        list.one_or_many()
            .iter()
            .map(move |condition| (*operator, *condition))
    });
    if !conditions.is_empty() {
        resource.node(TAGS)?;
    }
    Ok(all.all(|(operator, condition)| meets(operator, condition, resource)))
}

fn meets(operator: &str, condition: Node<'_>, resource: &ConfigurationItem<'_>) -> bool {
    let (Some(key), Some(wanted)) = (
        condition.text("ConditionKey"),
        condition.text("ConditionValue"),
    ) else {
        return false;
    };
    let key = key.strip_prefix("aws:ResourceTag/").unwrap_or(key);
    let Some(value) = resource.tag(key) else {
        return false;
    };
    match operator {
        "StringEquals" => value == wanted,
        "StringNotEquals" => value != wanted,
        "StringLike" => like(wanted, value),
        "StringNotLike" => !like(wanted, value),
        _ => false,
    }
}

/// Whether a text is as a pattern says, where `*` stands for anything. Case counts.
fn like(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(start) else {
        return false;
    };
    let Some((middle, end)) = rest.rsplit_once('*') else {
        return text.ends_with(rest);
    };
    for part in middle.split('*') {
        match text.split_once(part) {
            Some((_, after)) => text = after,
            None => return false,
        }
    }
    text.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn a_star_stands_for_anything() {
        let volume = "arn:aws:ec2:us-east-1:123456789012:volume/vol-1";
        for pattern in [
            "*",
            "**",
            volume,
            "arn:aws:ec2:*:*:volume/*",
            "arn:aws:ec2:*",
            "*vol-1",
            "arn:*:volume/*-1",
        ] {
            assert!(like(pattern, volume), "{pattern}");
        }
    }

    #[test]
    fn everything_else_stands_for_itself() {
        let volume = "arn:aws:ec2:us-east-1:123456789012:volume/vol-1";
        for pattern in [
            "",
            "arn:aws:ec2:*:*:instance/*",
            "arn:aws:ec2:us-east-1:123456789012:volume/vol",
            "arn:aws:ec2:*:volume/VOL-1",
            "*vol-2",
            "*vol-1*vol-1",
        ] {
            assert!(!like(pattern, volume), "{pattern}");
        }
    }
}
