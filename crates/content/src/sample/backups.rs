//! AWS Backup: plans, what they select, vaults, recovery points.

use serde_json::json;

use super::Estate;
use super::item::Item;
use super::site::Site;
use super::{policies, time};

const PLANS: [&str; 2] = ["daily", "weekly-archive"];

pub(super) fn add(site: Site, estate: &mut Estate) {
    for (n, name) in PLANS.into_iter().enumerate() {
        estate.add(plan(site, n, name));
        estate.add(selection(site, n, name));
        estate.add(vault(site, n, name));
    }
    for n in 0..site.count(8) {
        estate.add(recovery_point(site, n));
    }
}

fn plan_arn(site: Site, n: usize) -> String {
    site.arn("backup", &format!("backup-plan:{}", site.uuid("plan", n)))
}

fn plan(site: Site, n: usize, name: &str) -> Item {
    let mut draw = site.draw("plan", n);
    let id = site.uuid("plan", n);
    let arn = plan_arn(site, n);
    let (schedule, days) = if n == 0 {
        ("cron(0 5 ? * * *)", draw.either(35, 14))
    } else {
        ("cron(0 5 ? * SUN *)", 365)
    };
    Item::new(site, "AWS::Backup::BackupPlan", &id, &arn)
        .named(name)
        .tagged(&mut draw, name, "backup")
        .configuration(json!({
            "BackupPlanArn": arn, "BackupPlanId": id, "VersionId": site.hex("plan-version", n, 24),
            "BackupPlan": {"BackupPlanName": name, "BackupPlanRule": [{
                "RuleName": name, "TargetBackupVault": vault_name(name),
                "ScheduleExpression": schedule, "StartWindowMinutes": 60,
                "CompletionWindowMinutes": 180, "EnableContinuousBackup": n == 0,
                "Lifecycle": {"DeleteAfterDays": days}}]},
        }))
}

fn selection(site: Site, n: usize, name: &str) -> Item {
    let id = site.uuid("selection", n);
    let arn = format!("{}/selection/{id}", plan_arn(site, n));
    let role = site.role("aws-backup");
    Item::new(site, "AWS::Backup::BackupSelection", &id, &arn)
        .named(name)
        .configuration(json!({
            "BackupPlanId": site.uuid("plan", n), "SelectionId": id,
            "BackupSelection": {"SelectionName": name, "IamRoleArn": role},
        }))
        .with(
            "GetBackupSelection",
            json!({"SelectionId": id, "BackupSelection": {
                "SelectionName": name, "IamRoleArn": role, "Resources": [], "NotResources": [],
                "ListOfTags": [{"ConditionType": "STRINGEQUALS", "ConditionKey": "Backup",
                    "ConditionValue": if n == 0 { "daily" } else { "archive" }}],
                "Conditions": {"StringEquals": [], "StringLike": [], "StringNotEquals": [],
                    "StringNotLike": []}}}),
        )
}

fn vault_name(plan: &str) -> String {
    format!("{plan}-vault")
}

fn vault(site: Site, n: usize, plan: &str) -> Item {
    let mut draw = site.draw("vault", n);
    let name = vault_name(plan);
    let arn = site.arn("backup", &format!("backup-vault:{name}"));
    let mut configuration = json!({
        "BackupVaultName": name, "BackupVaultArn": arn, "EncryptionKeyArn": site.key("backup"),
        "Notifications": {"SNSTopicArn": site.alerts(),
            "BackupVaultEvents": ["BACKUP_JOB_COMPLETED", "RESTORE_JOB_COMPLETED"]},
    });
    if let (true, Some(members)) = (draw.ok(), configuration.as_object_mut()) {
        members.insert(
            "AccessPolicy".to_owned(),
            policies::of(vec![json!({
                "Sid": "DenyManualDeletion", "Effect": "Deny", "Principal": "*",
                "Action": ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle",
                    "backup:PutBackupVaultAccessPolicy"],
                "Resource": "*"})]),
        );
    }
    Item::new(site, "AWS::Backup::BackupVault", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, "backup")
        .configuration(configuration)
        .with(
            "DescribeBackupVault",
            json!({"BackupVaultName": name, "Locked": draw.ok(), "MinRetentionDays": 7,
                "MaxRetentionDays": 400}),
        )
}

fn recovery_point(site: Site, n: usize) -> Item {
    let mut draw = site.draw("recovery-point", n);
    let id = site.uuid("recovery-point", n);
    let arn = site.arn("backup", &format!("recovery-point:{id}"));
    let vault = vault_name("daily");
    let resource = site.arn("ec2", &format!("volume/{}", site.id("vol", n)));
    let days = draw.between(1, 34);
    Item::new(site, "AWS::Backup::RecoveryPoint", &arn, &arn)
        .related(
            "AWS::Backup::BackupVault",
            &vault,
            "Is contained in BackupVault",
        )
        .configuration(json!({
            "RecoveryPointArn": arn, "BackupVaultName": vault, "ResourceType": "EBS",
            "BackupVaultArn": site.arn("backup", &format!("backup-vault:{vault}")),
            "ResourceArn": resource, "Status": "COMPLETED", "IsEncrypted": draw.ok(),
            "EncryptionKeyArn": site.key("backup"), "IamRoleArn": site.role("aws-backup"),
            "CreationDate": time::days_ago(days), "CompletionDate": time::days_ago(days),
            "BackupSizeInBytes": draw.between(1, 400) * 1_073_741_824, "StorageClass": "WARM",
            "Lifecycle": {"DeleteAfterDays": 35}, "VaultType": "BACKUP_VAULT",
            "CreatedBy": {"BackupPlanArn": plan_arn(site, 0),
                "BackupPlanId": site.uuid("plan", 0)},
        }))
}
