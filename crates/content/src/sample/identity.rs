//! IAM: users, groups, roles and policies, once an account.

use serde_json::{Value, json};

use super::Estate;
use super::draw::Draw;
use super::item::Item;
use super::policies::{self, encoded};
use super::site::Site;
use super::time;

const PEOPLE: [&str; 16] = [
    "amara.okafor",
    "ben.lindqvist",
    "chiara.rossi",
    "dmitri.volkov",
    "elif.yilmaz",
    "farid.haddad",
    "grace.mwangi",
    "hiro.tanaka",
    "ines.carvalho",
    "jonas.weber",
    "svc-ci-deploy",
    "svc-reporting",
    "svc-backup-export",
    "kavya.iyer",
    "liam.oconnor",
    "svc-legacy-sync",
];

const GROUPS: [&str; 5] = ["developers", "operators", "auditors", "data", "contractors"];

/// The customer's own policies: a name and what it lets its holders do.
const POLICIES: [(&str, &[&str]); 10] = [
    (
        "deploy-services",
        &["ecs:UpdateService", "ecs:DescribeServices"],
    ),
    ("read-logs", &["logs:Get*", "logs:FilterLogEvents"]),
    ("read-buckets", &["s3:GetObject", "s3:ListBucket"]),
    (
        "run-queries",
        &["athena:StartQueryExecution", "athena:GetQueryResults"],
    ),
    ("publish-events", &["sns:Publish", "sqs:SendMessage"]),
    (
        "restore-backups",
        &["backup:StartRestoreJob", "backup:List*"],
    ),
    ("break-glass", &["*"]),
    ("storage-admin", &["s3:*"]),
    ("decrypt-anything", &["kms:Decrypt", "kms:ReEncryptFrom"]),
    ("rotate-secrets", &["secretsmanager:RotateSecret"]),
];

const SERVICE_LINKED: [(&str, &str); 6] = [
    ("AWSServiceRoleForAutoScaling", "autoscaling.amazonaws.com"),
    ("AWSServiceRoleForConfig", "config.amazonaws.com"),
    ("AWSServiceRoleForECS", "ecs.amazonaws.com"),
    (
        "AWSServiceRoleForElasticLoadBalancing",
        "elasticloadbalancing.amazonaws.com",
    ),
    ("AWSServiceRoleForRDS", "rds.amazonaws.com"),
    ("AWSServiceRoleForSupport", "support.amazonaws.com"),
];

const AWS_MANAGED: [(&str, &[&str]); 4] = [
    ("AdministratorAccess", &["*"]),
    ("AmazonS3FullAccess", &["s3:*", "s3-object-lambda:*"]),
    ("ReadOnlyAccess", &["ec2:Describe*", "s3:Get*", "s3:List*"]),
    ("PowerUserAccess", &["account:ListRegions"]),
];

pub(super) fn add(site: Site, estate: &mut Estate) {
    if !site.is_home() {
        return;
    }
    for (n, name) in PEOPLE.into_iter().enumerate() {
        estate.add(user(site, n, name));
    }
    for (n, name) in GROUPS.into_iter().enumerate() {
        estate.add(group(site, n, name));
    }
    for (n, (name, actions)) in POLICIES.into_iter().enumerate() {
        // Only some accounts have the ones that allow too much.
        if n < 6 || site.draw("policy", n).percent(60) {
            estate.add(policy(site, n, name, actions));
        }
    }
    for (n, (name, actions)) in AWS_MANAGED.into_iter().enumerate() {
        estate.add(managed_policy(site, n, name, actions));
    }
    for n in 0..24 {
        estate.add(role(site, n));
    }
    for (n, (name, service)) in SERVICE_LINKED.into_iter().enumerate() {
        estate.add(service_linked_role(site, n, name, service));
    }
    estate.add(control_tower_role(site));
    let gone = user(site, 900, "leaver.mcleaverson");
    estate.add(gone.clone());
    estate.add(gone.deleted());
}

fn group_of(n: usize) -> &'static str {
    GROUPS.get(n % 4).copied().unwrap_or("developers")
}

fn allow(actions: &[&str]) -> Value {
    policies::of(vec![json!({
        "Sid": "Work", "Effect": "Allow", "Action": actions, "Resource": "*",
    })])
}

fn key_policy_inline() -> Value {
    json!([{"policyName": "temporary-kms",
        "policyDocument": encoded(&allow(&["kms:Decrypt", "kms:ReEncryptFrom"]))}])
}

fn user(site: Site, n: usize, name: &str) -> Item {
    let mut draw = site.draw("user", n);
    let id = site.capitals("AIDA", n, 17);
    let arn = site.global_arn("iam", &format!("user/{name}"));
    let groups = if draw.ok() {
        json!([group_of(n)])
    } else {
        json!([])
    };
    let inline = if draw.ok() {
        json!([])
    } else {
        key_policy_inline()
    };
    let attached = if draw.ok() {
        json!([])
    } else {
        json!([{"policyName": "AdministratorAccess",
            "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}])
    };
    let has_mfa = draw.ok();
    let devices = if has_mfa {
        json!([{"UserName": name, "EnableDate": time::days_ago(300),
            "SerialNumber": site.global_arn("iam", &format!("mfa/{name}"))}])
    } else {
        json!([])
    };
    let key_age = draw.days((5, 85), (120, 900));
    let is_service = name.starts_with("svc-");
    Item::new(site, "AWS::IAM::User", &id, &arn)
        .global()
        .named(name)
        .tag("Owner", "team-platform")
        .related_named(
            "AWS::IAM::Group",
            &site.capitals("AGPA", n % 4, 17),
            group_of(n),
            "Is attached to Group",
        )
        .configuration(json!({
            "path": "/", "userName": name, "userId": id, "arn": arn, "groupList": groups,
            "createDate": time::days_ago(draw.between(910, 1_500)), "userPolicyList": inline,
            "attachedManagedPolicies": attached,
        }))
        .with(
            "ListVirtualMFADevices",
            json!({"VirtualMFADevices": devices}),
        )
        .with(
            "ListMFADevices",
            json!({"MFADevices": devices, "IsTruncated": false}),
        )
        .with(
            "ListAccessKeys",
            json!({"IsTruncated": false, "AccessKeyMetadata": access_keys(site, n, name, key_age)}),
        )
        .with(
            "GetCredentialReport",
            json!({"Content": report(&mut draw, &arn, !is_service, has_mfa, key_age)}),
        )
        .unread_in(
            5,
            &mut draw,
            "GetCredentialReport",
            "iam:GetCredentialReport",
        )
}

fn access_keys(site: Site, n: usize, user: &str, age: u64) -> Value {
    json!([{"UserName": user, "AccessKeyId": site.capitals("AKIA", n, 16), "Status": "Active",
        "CreateDate": time::days_ago(age)}])
}

/// The user's row of the credential report, whose columns are all text.
fn report(draw: &mut Draw, arn: &str, has_password: bool, has_mfa: bool, key_age: u64) -> Value {
    let used = draw.days((0, 40), (100, 400));
    let (password, changed) = if has_password {
        (time::days_ago(used), time::days_ago(used + 30))
    } else {
        ("N/A".to_owned(), "N/A".to_owned())
    };
    json!({
        "arn": arn, "user_creation_time": time::days_ago(910),
        "password_enabled": has_password.to_string(), "password_last_used": password,
        "password_last_changed": changed, "mfa_active": has_mfa.to_string(),
        "access_key_1_active": "true", "access_key_1_last_rotated": time::days_ago(key_age),
        "access_key_1_last_used_date": time::days_ago(used.min(key_age)),
        "access_key_2_active": "false", "access_key_2_last_rotated": "N/A",
        "access_key_2_last_used_date": "N/A", "cert_1_active": "false", "cert_2_active": "false",
    })
}

fn group(site: Site, n: usize, name: &str) -> Item {
    let mut draw = site.draw("group", n);
    let id = site.capitals("AGPA", n, 17);
    let arn = site.global_arn("iam", &format!("group/{name}"));
    let inline = if draw.ok() {
        json!([])
    } else {
        key_policy_inline()
    };
    let item = Item::new(site, "AWS::IAM::Group", &id, &arn)
        .global()
        .named(name)
        .configuration(json!({
            "path": "/", "groupName": name, "groupId": id, "arn": arn,
            "createDate": time::days_ago(1_200), "groupPolicyList": inline,
            "attachedManagedPolicies": [{"policyName": "ReadOnlyAccess",
                "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
        }));
    // Nobody is left in the last group.
    if n + 1 == GROUPS.len() {
        return item;
    }
    PEOPLE
        .into_iter()
        .enumerate()
        .filter(|(person, _)| person % 4 == n)
        .fold(item, |item, (person, name)| {
            item.related_named(
                "AWS::IAM::User",
                &site.capitals("AIDA", person, 17),
                name,
                "Contains User",
            )
        })
}

fn policy_item(site: Site, id: &str, arn: &str, name: &str, document: &Value) -> Item {
    let mut draw = Draw::new(arn, 0);
    let made = time::days_ago(draw.between(100, 1_200));
    Item::new(site, "AWS::IAM::Policy", id, arn)
        .global()
        .named(name)
        .configuration(json!({
            "policyName": name, "policyId": id, "arn": arn, "path": "/",
            "defaultVersionId": "v1", "attachmentCount": draw.between(1, 6),
            "permissionsBoundaryUsageCount": 0, "isAttachable": true, "createDate": made,
            "updateDate": made,
            "policyVersionList": [{"document": encoded(document), "versionId": "v1",
                "isDefaultVersion": true, "createDate": made}],
        }))
}

fn policy(site: Site, n: usize, name: &str, actions: &[&str]) -> Item {
    let id = site.capitals("ANPA", n, 17);
    let arn = site.global_arn("iam", &format!("policy/{name}"));
    let item = policy_item(site, &id, &arn, name, &allow(actions));
    if n.is_multiple_of(2) {
        item.tag("ManagedBy", "terraform")
    } else {
        item
    }
}

fn managed_policy(site: Site, n: usize, name: &str, actions: &[&str]) -> Item {
    let id = format!("ANPAI{}", site.capitals("", 900 + n, 16));
    let arn = format!("arn:aws:iam::aws:policy/{name}");
    policy_item(site, &id, &arn, name, &allow(actions))
}

/// The part of a role's configuration that all roles have.
fn role_configuration(site: Site, n: usize, path: &str, name: &str, trust: &Value) -> Value {
    json!({
        "path": path, "roleName": name, "roleId": site.capitals("AROA", n, 17),
        "arn": site.global_arn("iam", &format!("role{path}{name}")),
        "createDate": time::days_ago(900), "assumeRolePolicyDocument": encoded(trust),
        "instanceProfileList": [], "rolePolicyList": [], "attachedManagedPolicies": [],
    })
}

fn role_item(site: Site, n: usize, path: &str, name: &str, configuration: Value) -> Item {
    let arn = site.global_arn("iam", &format!("role{path}{name}"));
    Item::new(site, "AWS::IAM::Role", &site.capitals("AROA", n, 17), &arn)
        .global()
        .named(name)
        .configuration(configuration)
}

fn role(site: Site, n: usize) -> Item {
    let mut draw = site.draw("role", n);
    let (name, service) = match n {
        0 => ("vpc-flow-logs".to_owned(), "vpc-flow-logs.amazonaws.com"),
        1 => ("aws-backup".to_owned(), "backup.amazonaws.com"),
        2 => ("rds-monitoring".to_owned(), "monitoring.rds.amazonaws.com"),
        3 => ("ecs-task-execution".to_owned(), "ecs-tasks.amazonaws.com"),
        4 => ("eks-cluster".to_owned(), "eks.amazonaws.com"),
        5 => ("s3-replication".to_owned(), "s3.amazonaws.com"),
        n if n.is_multiple_of(2) => (format!("{}-app", site.app(n / 2)), "ec2.amazonaws.com"),
        n => (
            format!("{}-worker-{n}", site.app(n / 2)),
            "lambda.amazonaws.com",
        ),
    };
    let trust = policies::trust(&json!({"Service": service}));
    let mut configuration = role_configuration(site, n, "/", &name, &trust);
    if let (false, Some(members)) = (draw.ok(), configuration.as_object_mut()) {
        members.insert("rolePolicyList".to_owned(), key_policy_inline());
    }
    role_item(site, n, "/", &name, configuration)
        .tagged(&mut draw, &name, site.app(n / 2))
        .related_named(
            "AWS::IAM::Policy",
            &site.capitals("ANPA", 1, 17),
            "read-logs",
            "Is attached to CustomerManagedPolicy",
        )
}

fn service_linked_role(site: Site, n: usize, name: &str, service: &str) -> Item {
    let path = format!("/aws-service-role/{service}/");
    let trust = policies::trust(&json!({"Service": service}));
    let configuration = role_configuration(site, 100 + n, &path, name, &trust);
    role_item(site, 100 + n, &path, name, configuration)
}

/// What lets AWS Control Tower govern the account.
fn control_tower_role(site: Site) -> Item {
    let name = "AWSControlTowerExecution";
    let management = json!({"AWS": "arn:aws:iam::111122223333:root"});
    let trust = policies::trust(&management);
    let mut configuration = role_configuration(site, 200, "/", name, &trust);
    if let Some(members) = configuration.as_object_mut() {
        members.insert(
            "attachedManagedPolicies".to_owned(),
            json!([{"policyName": "AdministratorAccess",
                "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}]),
        );
    }
    role_item(site, 200, "/", name, configuration)
}
