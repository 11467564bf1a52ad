//! What AWS's rules on resources that a backup plan protects have in common: which resources they
//! are for, the copies that they ask for, and the locks.
//!
//! Source: AWS Config developer guide, managed rule `ebs-resources-protected-by-backup-plan` and
//! the others of its kind.

use posture_model::tree::{self, Bump, Node};
use posture_model::{ConfigurationItem, InsufficientData, Path, ResourceType, path};

use crate::predicates::{backup, parameter};
use crate::{By, Context, Evaluation, Kind, Other, Parameter, Params, Verdict, other};

const RESOURCE_ID: Path = path("resourceId");
const RULES: Path = path("configuration.BackupPlan.BackupPlanRule");
const VAULT_NAME: Path = path("configuration.BackupVaultName");
// AWS Config records vaults without their locks.
const LOCKED: Path = path("supplementaryConfiguration.DescribeBackupVault.Locked");
const LOCK_MINIMUM: Path = path("supplementaryConfiguration.DescribeBackupVault.MinRetentionDays");
const LOCK_MAXIMUM: Path = path("supplementaryConfiguration.DescribeBackupVault.MaxRetentionDays");

/// The plan of a selection.
pub const PLANS: Other = other(
    ResourceType::BackupBackupPlan,
    By::Value(backup::PLAN_ID),
    &[RULES],
);

/// The vault of a plan's rule.
pub const VAULTS: Other = other(
    ResourceType::BackupBackupVault,
    By::Value(VAULT_NAME),
    &[LOCKED, LOCK_MINIMUM, LOCK_MAXIMUM],
);

const WITH_TAGS: &str = "resourceTags";
const WITH_ID: &str = "resourceId";
const REGIONS: &str = "crossRegionList";
const ACCOUNTS: &str = "crossAccountList";
const MAXIMUM: &str = "maxRetentionDays";
const MINIMUM: &str = "minRetentionDays";
const LOCK: &str = "backupVaultLockCheck";

/// The parameters of every rule of this kind.
pub const PARAMETERS: &[Parameter] = &[
    optional(WITH_TAGS, Kind::Text),
    optional(WITH_ID, Kind::Text),
    optional(REGIONS, Kind::List),
    optional(ACCOUNTS, Kind::List),
    optional(MAXIMUM, Kind::Integer),
    optional(MINIMUM, Kind::Integer),
    optional(LOCK, Kind::Boolean),
];

const fn optional(name: &'static str, kind: Kind) -> Parameter {
    Parameter {
        name,
        kind,
        default: None,
    }
}

/// Judges whether a backup plan protects a resource in the way that the parameters ask for. What
/// several plans do for it adds up.
///
/// # Errors
/// Where that can't be told.
pub fn protects<'a>(
    resource: &ConfigurationItem<'a>,
    params: &Params,
    context: &Context<'a>,
) -> Verdict<'a> {
    if let Some(id) = params.optional_text(WITH_ID)
        && resource.resource_id() != id
        && resource.resource_name() != Some(id)
    {
        let because = format!("the rule is for {id}");
        let found = resource.resource_id();
        return Ok(Evaluation::not_applicable(RESOURCE_ID, found, because));
    }
    if let Some(tags) = params.optional_text(WITH_TAGS)
        && !has_one_of(resource, tags)?
    {
        let because = format!("the rule is for {tags}");
        let found = resource.node(backup::TAGS)?;
        return Ok(Evaluation::not_applicable(backup::TAGS, found, because));
    }
    let coverage = backup::coverage(resource, context)?;
    let mut unread = coverage.unread;
    let lack = if coverage.selections.is_empty() {
        Some(backup::uncovered(resource))
    } else {
        lack(resource, &coverage.selections, params, context, &mut unread)
    };
    match (lack, unread) {
        (None, _) => Ok(Evaluation::compliant(
            backup::ARN,
            "protected by a backup plan",
        )),
        (Some(_), Some(unread)) => Err(unread),
        (Some(lack), None) => Ok(lack),
    }
}

/// Whether a resource has one of the tags in a parameter's JSON object.
fn has_one_of(resource: &ConfigurationItem<'_>, tags: &str) -> Result<bool, InsufficientData> {
    let arena = Bump::new();
    let Ok(Node::Object(wanted)) = tree::parse(tags.as_bytes(), &arena) else {
        let message = format!("is {tags:?}, expected a JSON object of tags");
        return Err(parameter::invalid(WITH_TAGS, message));
    };
    resource.node(backup::TAGS)?;
    Ok(wanted.iter().any(|(key, value)| {
        resource
            .tag(key)
            .is_some_and(|tag| value.as_text() == Some(tag))
    }))
}

/// What the plans of these selections don't do and the parameters ask for. What can't be told goes
/// to `unread`.
fn lack<'a>(
    resource: &ConfigurationItem<'a>,
    selections: &[&'a ConfigurationItem<'a>],
    params: &Params,
    context: &Context<'a>,
    unread: &mut Option<InsufficientData>,
) -> Option<Evaluation<'a>> {
    let (regions, accounts) = (params.list(REGIONS), params.list(ACCOUNTS));
    let (minimum, maximum) = (
        params.optional_integer(MINIMUM),
        params.optional_integer(MAXIMUM),
    );
    let is_lock_asked_for = params
        .optional_boolean(LOCK)
        .unwrap_or(minimum.is_some() || maximum.is_some());
    if regions.is_empty() && accounts.is_empty() && !is_lock_asked_for {
        return None;
    }
    let mut rules = Vec::new();
    for selection in selections {
        match rules_of(selection, resource, context) {
            Ok(found) => rules.extend(found),
            Err(error) => *unread = Some(error),
        }
    }
    let copies: Vec<&str> = rules
        .iter()
        .flat_map(|rule| rule.items("CopyActions"))
        .filter_map(|copy| copy.text("DestinationBackupVaultArn"))
        .collect();
    // arn:aws:backup:REGION:ACCOUNT:backup-vault:NAME
    for (part, wanted) in [(3, regions), (4, accounts)] {
        let is_copied_to = |place: &str| {
            copies
                .iter()
                .any(|arn| arn.split(':').nth(part) == Some(place))
        };
        if let Some(missing) = wanted.iter().find(|place| !is_copied_to(place)) {
            let found = format!("copies to [{}]", copies.join(", "));
            let expected = format!("a copy in {missing}");
            return Some(Evaluation::non_compliant(RULES, found, expected));
        }
    }
    if !is_lock_asked_for {
        return None;
    }
    let vaults: Vec<&str> = rules
        .iter()
        .filter_map(|rule| rule.text("TargetBackupVault"))
        .collect();
    for vault in &vaults {
        match is_locked(vault, minimum, maximum, resource, context) {
            Ok(true) => return None,
            Ok(false) => {}
            Err(error) => *unread = Some(error),
        }
    }
    let found = format!("backups in [{}]", vaults.join(", "));
    let expected = "a vault whose lock keeps backups as long as is asked for";
    Some(Evaluation::non_compliant(RULES, found, expected))
}

fn rules_of<'a>(
    selection: &ConfigurationItem<'a>,
    resource: &ConfigurationItem<'a>,
    context: &Context<'a>,
) -> Result<Vec<Node<'a>>, InsufficientData> {
    let mut rules = Vec::new();
    if let Some(plan) = selection.text(backup::PLAN_ID)? {
        for plan in context.matching(resource, &PLANS, plan)? {
            rules.extend(plan.list(RULES)?);
        }
    }
    Ok(rules)
}

/// Whether a vault is locked, and its lock keeps backups between these numbers of days. A bound
/// that is asked for and that the lock doesn't have is not kept.
fn is_locked<'a>(
    name: &str,
    minimum: Option<i64>,
    maximum: Option<i64>,
    resource: &ConfigurationItem<'a>,
    context: &Context<'a>,
) -> Result<bool, InsufficientData> {
    for vault in context.matching(resource, &VAULTS, name)? {
        if vault.boolean(LOCKED)? != Some(true) {
            continue;
        }
        let (shortest, longest) = (vault.integer(LOCK_MINIMUM)?, vault.integer(LOCK_MAXIMUM)?);
        if minimum.is_none_or(|days| shortest.is_some_and(|shortest| shortest >= days))
            && maximum.is_none_or(|days| longest.is_some_and(|longest| longest <= days))
        {
            return Ok(true);
        }
    }
    Ok(false)
}
