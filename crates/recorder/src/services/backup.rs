//! AWS Backup: plans, what they select, vaults, recovery points.
//!
//! Shapes: AWS Config's schemas of `AWS::Backup::*`, which are CloudFormation's.

use crate::declare::Within;
use crate::declare::prelude::*;
use crate::shape::{pick, remove, rename};
use crate::text::value;

pub(crate) static SERVICE: Service = Service {
    model: "backup",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[BACKUP_PLAN, BACKUP_SELECTION, BACKUP_VAULT, RECOVERY_POINT],
    account: &[],
};

const PLANS: crate::declare::Call = call("ListBackupPlans");
const VAULTS: crate::declare::Call = call("ListBackupVaults");

const BACKUP_PLAN: Collector = Collector {
    name: Some("BackupPlanName"),
    arn: Some("BackupPlanArn"),
    created: Some("CreationDate"),
    shape: Some(backup_plan),
    tags: Tags::Bulk("backup"),
    details: &[detail("GetBackupPlan", "configuration.BackupPlan")
        .with(&[("BackupPlanId", Param::Item("BackupPlanId"))])
        .absent_on(&["ResourceNotFoundException"])
        .take("BackupPlan")
        .shape(rules)],
    ..Collector::of(
        ResourceType::BackupBackupPlan,
        PLANS,
        "BackupPlansList[]",
        "BackupPlanId",
    )
};

const BACKUP_SELECTION: Collector = Collector {
    within: Some(Within {
        list: PLANS,
        entries: "BackupPlansList[]",
    }),
    name: Some("SelectionName"),
    created: Some("CreationDate"),
    shape: Some(backup_selection),
    details: &[
        selection("configuration.BackupSelection")
            .take("BackupSelection")
            .shape(selected),
        selection("supplementaryConfiguration.GetBackupSelection"),
    ],
    ..Collector::of(
        ResourceType::BackupBackupSelection,
        call("ListBackupSelections")
            .with(&[("BackupPlanId", Param::Parent("BackupPlanId"))])
            .absent_on(&["ResourceNotFoundException"]),
        "BackupSelectionsList[]",
        // Selections of several plans may have one id.
        "{SelectionId}_{BackupPlanId}",
    )
};

/// One call for both places.
const fn selection(into: &'static str) -> Detail {
    detail("GetBackupSelection", into)
        .with(&[
            ("BackupPlanId", Param::Item("BackupPlanId")),
            ("SelectionId", Param::Item("SelectionId")),
        ])
        .absent_on(&["ResourceNotFoundException"])
        .once_per_input()
}

const BACKUP_VAULT: Collector = Collector {
    name: Some("BackupVaultName"),
    arn: Some("BackupVaultArn"),
    created: Some("CreationDate"),
    shape: Some(backup_vault),
    tags: Tags::Bulk("backup"),
    details: &[
        detail("GetBackupVaultAccessPolicy", "configuration.AccessPolicy")
            .with(&[("BackupVaultName", Param::Item("BackupVaultName"))])
            .absent_on(&["ResourceNotFoundException"])
            .take("Policy")
            .shape(policy),
        // The listing tells of each vault what describing it does of its lock.
        detail(
            "ListBackupVaults",
            "supplementaryConfiguration.DescribeBackupVault",
        )
        .joined_to_one(
            None,
            "BackupVaultList[]",
            "BackupVaultArn",
            "BackupVaultArn",
        )
        .take("BackupVaultList")
        .shape(lock),
    ],
    ..Collector::of(
        ResourceType::BackupBackupVault,
        VAULTS,
        "BackupVaultList[]",
        "BackupVaultName",
    )
};

const RECOVERY_POINT: Collector = Collector {
    within: Some(Within {
        list: VAULTS,
        entries: "BackupVaultList[]",
    }),
    arn: Some("RecoveryPointArn"),
    created: Some("CreationDate"),
    ..Collector::of(
        ResourceType::BackupRecoveryPoint,
        call("ListRecoveryPointsByBackupVault")
            .with(&[("BackupVaultName", Param::Parent("BackupVaultName"))])
            .absent_on(&["ResourceNotFoundException"]),
        "RecoveryPoints[]",
        "RecoveryPointArn",
    )
};

fn backup_plan(configuration: &mut Value, entry: &Value) {
    let same = ["BackupPlanArn", "BackupPlanId", "VersionId"];
    *configuration = pick(entry, &same.map(|member| (member, member)));
}

/// CloudFormation's names of a plan's rules.
fn rules(plan: &Value) -> Value {
    let mut plan = plan.clone();
    if let Some(Value::Array(rules)) = plan.get_mut("Rules") {
        for rule in rules {
            remove(rule, &["RuleId"]);
            rename(rule, &[("TargetBackupVaultName", "TargetBackupVault")]);
        }
    }
    rename(&mut plan, &[("Rules", "BackupPlanRule")]);
    plan
}

fn backup_selection(configuration: &mut Value, entry: &Value) {
    let same = ["BackupPlanId", "SelectionId"];
    *configuration = pick(entry, &same.map(|member| (member, member)));
}

fn selected(selection: &Value) -> Value {
    let same = ["IamRoleArn", "NotResources", "Resources", "SelectionName"];
    pick(selection, &same.map(|member| (member, member)))
}

fn backup_vault(configuration: &mut Value, entry: &Value) {
    let same = ["BackupVaultArn", "BackupVaultName", "EncryptionKeyArn"];
    *configuration = pick(entry, &same.map(|member| (member, member)));
}

/// Of what `DescribeBackupVault` says, that which the listing says too; no counter.
fn lock(vault: &Value) -> Value {
    let same = [
        "BackupVaultName",
        "BackupVaultArn",
        "VaultType",
        "Locked",
        "MinRetentionDays",
        "MaxRetentionDays",
        "LockDate",
    ];
    pick(vault, &same.map(|member| (member, member)))
}

/// CloudFormation has the policy as an object; what is no JSON stays the text that it is.
fn policy(text: &Value) -> Value {
    let read = value("", text).and_then(Value::as_str);
    let read = read.and_then(|text| serde_json::from_str(text).ok());
    read.unwrap_or_else(|| text.clone())
}
