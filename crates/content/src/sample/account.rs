//! The accounts themselves: what AWS Config does not record of them, by the API operation's name.

use serde_json::{Value, json};

use super::Estate;
use super::item::Item;
use super::site::{ACCOUNTS, Site};
use super::{monitoring, policies, time};

pub(super) fn add(site: Site, estate: &mut Estate) {
    let item = regional(site);
    let item = if site.is_home() {
        root(global(site, item), site)
    } else {
        item
    };
    estate.add(item);
}

/// What differs from Region to Region.
fn regional(site: Site) -> Item {
    let mut draw = site.draw("account", 0);
    let is_sandbox = site.account.name == "sandbox";
    let (macie, findings) = if is_sandbox {
        ("PAUSED", "DISABLED")
    } else {
        ("ENABLED", draw.either("ENABLED", "DISABLED"))
    };
    let mut item = Item::new(
        site,
        "AWS::::Account",
        site.account.id,
        &site.global_arn("iam", "root"),
    )
    .named(site.account.name)
    .configuration(json!({}))
    .with("DescribeTrails", json!({"trailList": trails(site)}))
    .with(
        "GetEbsEncryptionByDefault",
        json!({"EbsEncryptionByDefault": !is_sandbox || site.is_home()}),
    )
    .with(
        "DescribeSnapshots",
        json!({"Snapshots": public_snapshots(site)}),
    )
    .with("GetMacieSession", json!({"status": macie}))
    .with(
        "GetAutomatedDiscoveryConfiguration",
        json!({"status": findings}),
    )
    .with("GetAdministratorAccount", json!({"administrator": null}))
    .with(
        "GetBlockPublicAccessConfiguration",
        json!({"BlockPublicAccessConfiguration": {
            "BlockPublicSecurityGroupRules": draw.ok(),
            "PermittedPublicSecurityGroupRuleRanges": [{"MinRange": 22, "MaxRange": 22}]}}),
    )
    .with(
        "DescribeLimits",
        json!({"AccountMaxReadCapacityUnits": 80_000, "AccountMaxWriteCapacityUnits": 80_000,
            "TableMaxReadCapacityUnits": 40_000, "TableMaxWriteCapacityUnits": 40_000}),
    );
    // Security Hub says so itself where it is off.
    let hub = if is_sandbox && !site.is_home() {
        json!({"HubArn": null})
    } else {
        json!({"HubArn": site.arn("securityhub", "hub/default"), "AutoEnableControls": true})
    };
    item = item.with("DescribeHub", hub);
    if is_sandbox && site.region.name == "us-west-2" {
        item = item.denied("GetMacieSession", "macie2:GetMacieSession");
    }
    item
}

fn public_snapshots(site: Site) -> Value {
    if site.account.name == "sandbox" && site.region.name == "eu-west-1" {
        return json!([{"SnapshotId": site.id("snap", 0), "OwnerId": site.account.id,
            "Encrypted": false, "State": "completed", "StartTime": time::days_ago(210)}]);
    }
    json!([])
}

/// The trails that reach into this account and Region, each with what is asked trail by trail.
fn trails(site: Site) -> Value {
    let name = monitoring::trail_name(site);
    if site.account.name == "sandbox" {
        if site.region.name == "us-west-2" {
            return json!([]);
        }
        return json!([{
            "Name": name, "TrailARN": site.arn("cloudtrail", &format!("trail/{name}")),
            "HomeRegion": site.region.name, "S3BucketName": "example-shop-audit-logs",
            "IncludeGlobalServiceEvents": site.is_home(), "IsMultiRegionTrail": false,
            "IsOrganizationTrail": false, "LogFileValidationEnabled": true,
            "GetTrailStatus": {"IsLogging": site.region.name != "eu-central-1"},
            "GetEventSelectors": {"EventSelectors": [{"ReadWriteType": "WriteOnly",
                "IncludeManagementEvents": true, "DataResources": [],
                "ExcludeManagementEventSources": []}]},
        }]);
    }
    json!([{
        "Name": name,
        "TrailARN": format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/{name}"),
        "HomeRegion": "us-east-1", "S3BucketName": "example-shop-audit-logs",
        "IncludeGlobalServiceEvents": true, "IsMultiRegionTrail": true,
        "IsOrganizationTrail": true, "LogFileValidationEnabled": true,
        "KmsKeyId": "arn:aws:kms:us-east-1:111122223333:alias/trail",
        "CloudWatchLogsLogGroupArn":
            "arn:aws:logs:us-east-1:111122223333:log-group:/cloudtrail/organization:*",
        "GetTrailStatus": {"IsLogging": true, "LatestDeliveryTime": time::ago(1_800)},
        "GetEventSelectors": {"EventSelectors": [{"ReadWriteType": "All",
            "IncludeManagementEvents": true, "ExcludeManagementEventSources": [],
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]},
    }])
}

/// What an account has once, recorded in the home Region.
fn global(site: Site, item: Item) -> Item {
    let is_sandbox = site.account.name == "sandbox";
    let is_blocked = !is_sandbox;
    let contact = if is_sandbox {
        Value::Null
    } else {
        json!({"AlternateContactType": "SECURITY", "EmailAddress": "security@example.com",
            "Name": "Security Desk", "PhoneNumber": "+1-555-0100", "Title": "Security"})
    };
    let management = ACCOUNTS.first().map(|account| account.id);
    item.with(
        "GetAccountPasswordPolicy",
        json!({"PasswordPolicy": {
            "MinimumPasswordLength": if is_sandbox { 8 } else { 14 },
            "RequireSymbols": !is_sandbox, "RequireNumbers": true,
            "RequireUppercaseCharacters": true, "RequireLowercaseCharacters": true,
            "AllowUsersToChangePassword": true, "ExpirePasswords": true, "MaxPasswordAge": 90,
            "PasswordReusePrevention": 24}}),
    )
    .with(
        "GetPublicAccessBlock",
        json!({"PublicAccessBlockConfiguration": {"BlockPublicAcls": true,
            "IgnorePublicAcls": true, "BlockPublicPolicy": is_blocked,
            "RestrictPublicBuckets": is_blocked}}),
    )
    .with("GetAlternateContact", json!({"AlternateContact": contact}))
    .with(
        "DescribeOrganization",
        json!({"Organization": {"Id": "o-exampleorgid", "FeatureSet": "ALL",
            "MasterAccountId": management, "MasterAccountEmail": "aws@example.com"}}),
    )
    .with(
        "GetSubscriptionState",
        json!({"SubscriptionState": if is_sandbox { "INACTIVE" } else { "ACTIVE" }}),
    )
    .with(
        "DescribeDRTAccess",
        json!({"RoleArn": (site.account.name == "production").then(|| site.role("shield-drt")),
            "LogBucketList": []}),
    )
    .with("GetAccountAuthorizationDetails", authorizations(site))
}

/// The root user: its keys and its second factor.
fn root(item: Item, site: Site) -> Item {
    let has_hardware = site.account.name == "platform";
    let devices = if has_hardware {
        json!([])
    } else {
        json!([{"SerialNumber": site.global_arn("iam", "mfa/root-account-mfa-device"),
            "EnableDate": time::days_ago(800), "User": {"Arn": site.global_arn("iam", "root")}}])
    };
    item.with(
        "GetAccountSummary",
        json!({"SummaryMap": {
            "AccountAccessKeysPresent": u8::from(site.account.name == "sandbox"),
            "AccountMFAEnabled": 1, "AccountPasswordPresent": 1,
            "AccountSigningCertificatesPresent": 0, "Users": 16, "Groups": 5, "Roles": 31,
            "MFADevicesInUse": 13}}),
    )
    .with(
        "ListVirtualMFADevices",
        json!({"VirtualMFADevices": devices}),
    )
}

/// Who holds the policies that people look for: AWS's for support, first of all.
fn authorizations(site: Site) -> Value {
    let support = "arn:aws:iam::aws:policy/AWSSupportAccess";
    let trust = policies::trust(&json!({"AWS": site.global_arn("iam", "root")}));
    let mut roles = vec![json!({
        "RoleName": "read-only", "Arn": site.role("read-only"), "RolePolicyList": [],
        "AssumeRolePolicyDocument": policies::encoded(&trust),
        "AttachedManagedPolicies": [{"PolicyName": "ReadOnlyAccess",
            "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}],
    })];
    if site.account.name != "sandbox" {
        roles.push(json!({
            "RoleName": "support-cases", "Arn": site.role("support-cases"), "RolePolicyList": [],
            "AssumeRolePolicyDocument": policies::encoded(&trust),
            "AttachedManagedPolicies": [
                {"PolicyName": "AWSSupportAccess", "PolicyArn": support}],
        }));
    }
    json!({"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": roles, "Policies": []})
}
