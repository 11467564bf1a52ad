//! Who can delete backups can hold the data to ransom: a vault's own policy stops even
//! administrators.
//!
//! ## Result
//! - COMPLIANT: one statement of the vault's policy denies deleting recovery points, shortening
//!   their life and replacing the policy, to everybody and for every resource. It may spare the
//!   principals of `principalArnList`, by a condition on `aws:PrincipalArn` that excludes no other.
//! - NON_COMPLIANT: there is no policy, or no such statement. The three actions spread over several
//!   statements, another condition, or a principal or resource without the wildcard don't count.
//! - INSUFFICIENT_DATA: the vault's policy was not read.
//!
//! ## What to do
//! Put such a statement into the vault's access policy. For backups that nobody at all may delete,
//! lock the vault.
//!
//! ## Source
//! AWS Config developer guide, managed rule `backup-recovery-point-manual-deletion-disabled`.

use crate::predicates::policy::Statement;
use crate::predicates::policy_document;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "backup-recovery-point-manual-deletion-disabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "Backup vaults deny the deletion of recovery points by hand",
    resource_types: &[ResourceType::BackupBackupVault],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: PRINCIPALS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(POLICY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const POLICY: Path = path("configuration.AccessPolicy");

const PRINCIPALS: &str = "principalArnList";

const ACTIONS: [&str; 3] = [
    "backup:DeleteRecoveryPoint",
    "backup:UpdateRecoveryPointLifecycle",
    "backup:PutBackupVaultAccessPolicy",
];

/// The operators that take principals out of a denial. Their `IfExists` forms take others out too.
const NEGATIONS: [&str; 4] = [
    "ArnNotEquals",
    "ArnNotLike",
    "StringNotEquals",
    "StringNotLike",
];

fn check<'a>(vault: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let policy = vault.node(POLICY)?;
    let expected = "a statement that denies everybody to delete recovery points";
    let Some(policy) = policy else {
        return Ok(Evaluation::non_compliant(POLICY, policy, expected));
    };
    let spared = params.list(PRINCIPALS);
    let statements = policy_document::statements(vault, POLICY, Some(policy))?;
    match statements.into_iter().find(|one| protects(*one, spared)) {
        Some(statement) => Ok(Evaluation::compliant(POLICY, statement.node())),
        None => Ok(Evaluation::non_compliant(POLICY, policy, expected)),
    }
}

fn protects(statement: Statement<'_>, spared: &[String]) -> bool {
    statement.denies()
        && statement.is_for_everybody()
        && statement.texts("Resource").any(|resource| resource == "*")
        && ACTIONS.iter().all(|action| statement.covers_action(action))
        && spares_only(statement, spared)
}

/// Whether every condition of a statement does nothing but spare these principals.
fn spares_only(statement: Statement<'_>, spared: &[String]) -> bool {
    let is_spared = |value: &Node<'_>| {
        let value = value.as_text();
        spared.iter().any(|arn| value == Some(arn.as_str()))
    };
    let conditions = statement
        .node()
        .get("Condition")
        .map_or(&[][..], Node::members);
    conditions.iter().all(|(operator, keys)| {
        NEGATIONS.contains(operator)
            && keys.members().iter().all(|(key, values)| {
                key.eq_ignore_ascii_case("aws:PrincipalArn")
                    && values.one_or_many().iter().all(is_spared)
            })
    })
}
