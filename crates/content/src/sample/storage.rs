//! S3, EFS, FSx and Transfer Family.

use serde_json::{Map, Value, json};

use super::Estate;
use super::draw::Draw;
use super::item::Item;
use super::policies;
use super::site::Site;
use super::time;

pub(super) fn add(site: Site, estate: &mut Estate) {
    for n in 0..site.count(14) {
        let bucket = bucket(site, n);
        // Versioning came to some of them lately: their history still has them without.
        if n < 2 {
            let before = json!({"status": "Suspended", "isMfaDeleteEnabled": false});
            estate.add(
                bucket
                    .clone()
                    .earlier(60)
                    .with("BucketVersioningConfiguration", before),
            );
        }
        estate.add(bucket);
    }
    for n in 0..site.count(3) {
        estate.add(access_point(site, n));
    }
    if site.is_home() {
        estate.add(account_block(site));
    }
    for n in 0..site.count(5) {
        estate.add(file_system(site, n));
    }
    if site.account.name == "production" {
        estate.add(windows_file_system(site));
    }
    estate.add(transfer_server(site));
    let gone = bucket(site, 900);
    estate.add(gone.clone());
    estate.add(gone.deleted());
}

/// The bucket that the others write their access logs to.
pub(super) fn logs_bucket(site: Site) -> String {
    format!("{}-access-logs-{}", site.account.name, site.region.name)
}

fn bucket_name(site: Site, n: usize) -> String {
    let purpose = match n % 6 {
        0 => "uploads",
        1 => "exports",
        2 => "assets",
        3 => "archive",
        4 => "datalake",
        _ => "artifacts",
    };
    match n {
        0 => logs_bucket(site),
        _ => format!(
            "{}-{}-{purpose}-{}",
            site.account.name,
            site.app(n),
            site.hex("bucket", n, 6)
        ),
    }
}

/// The access control list, as AWS Config has it: JSON in a string.
fn access_control_list(site: Site, draw: &mut Draw) -> Value {
    let owner = site.hex("canonical-user", 0, 32).repeat(2);
    let mut grants = vec![json!({
        "grantee": {"id": owner, "displayName": null}, "permission": "FullControl",
    })];
    if !draw.ok() {
        let (group, permission) = draw.pick(&[
            ("AllUsers", "Read"),
            ("AuthenticatedUsers", "Read"),
            ("LogDelivery", "Write"),
            ("AllUsers", "Write"),
        ]);
        grants.push(json!({"grantee": group, "permission": permission}));
    }
    let list = json!({
        "grantSet": null, "grantList": grants, "owner": {"displayName": null, "id": owner},
        "isRequesterCharged": false,
    });
    Value::String(list.to_string())
}

fn bucket_policy(name: &str, draw: &mut Draw) -> Value {
    let mut statements = Vec::new();
    if draw.ok() {
        statements.push(policies::deny_plain_http(name));
    }
    if !draw.ok() && draw.percent(50) {
        statements.push(json!({
            "Sid": "PublicRead", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
            "Resource": format!("arn:aws:s3:::{name}/*"),
        }));
    }
    if statements.is_empty() {
        return json!({"policyText": null});
    }
    json!({"policyText": policies::of(statements).to_string()})
}

fn encryption(site: Site, draw: &mut Draw) -> Value {
    let default = if draw.ok() {
        json!({"sseAlgorithm": "aws:kms", "kmsMasterKeyID": site.key("data")})
    } else {
        json!({"sseAlgorithm": "AES256", "kmsMasterKeyID": null})
    };
    json!({"rules": [{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": true}]})
}

fn lifecycle(draw: &mut Draw) -> Value {
    if !draw.ok() {
        return json!({"rules": []});
    }
    json!({"rules": [{
        "id": "expire-noncurrent", "status": "Enabled", "prefix": null,
        "filter": {"predicate": null}, "expirationInDays": -1,
        "noncurrentVersionExpirationInDays": 90, "expiredObjectDeleteMarker": false,
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
    }]})
}

fn replication(site: Site, name: &str, draw: &mut Draw) -> Value {
    if !draw.percent(70) {
        return json!({"roleARN": null, "rules": {}});
    }
    json!({"roleARN": site.role("s3-replication"), "rules": {"all": {
        "prefix": null, "status": "Enabled", "priority": 1,
        "destinationConfig": {"bucketARN": format!("arn:aws:s3:::{name}-replica")}}}})
}

/// Where the bucket is that versions are copied to, under its ARN.
fn replica_location(name: &str) -> Value {
    let mut locations = Map::new();
    locations.insert(
        format!("arn:aws:s3:::{name}-replica"),
        json!({"LocationConstraint": "us-west-2"}),
    );
    Value::Object(locations)
}

fn notifications(site: Site, draw: &mut Draw) -> Value {
    if !draw.percent(65) {
        return json!({"configurations": {}});
    }
    json!({"configurations": {"created": {
        "type": "QueueConfiguration", "events": ["s3:ObjectCreated:*"],
        "queueARN": site.arn("sqs", "object-events"), "filter": null}}})
}

fn object_lock(draw: &mut Draw) -> Value {
    if !draw.percent(60) {
        return json!({"objectLockEnabled": null, "rule": null});
    }
    json!({"objectLockEnabled": "Enabled",
        "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 30, "years": null}}})
}

fn block(draw: &mut Draw) -> Value {
    json!({
        "blockPublicAcls": draw.ok(), "ignorePublicAcls": draw.ok(),
        "blockPublicPolicy": draw.ok(), "restrictPublicBuckets": draw.ok(),
    })
}

fn bucket(site: Site, n: usize) -> Item {
    let mut draw = site.draw("bucket", n);
    let name = bucket_name(site, n);
    let arn = format!("arn:aws:s3:::{name}");
    let app = site.app(n);
    let log_to = draw.ok().then(|| logs_bucket(site));
    let versioning = json!({"status": draw.either("Enabled", "Suspended"),
        "isMfaDeleteEnabled": draw.percent(45)});
    let item = Item::new(site, "AWS::S3::Bucket", &name, &arn)
        .named(&name)
        .tagged(&mut draw, &name, app)
        .configuration(json!({
            "name": name, "creationDate": time::days_ago(draw.between(90, 1_200)),
            "owner": {"displayName": null, "id": site.hex("canonical-user", 0, 32).repeat(2)},
        }))
        .with("AccessControlList", access_control_list(site, &mut draw))
        .with("BucketAccelerateConfiguration", json!({"status": null}))
        .with(
            "BucketLoggingConfiguration",
            json!({"destinationBucketName": log_to, "logFilePrefix": format!("{name}/")}),
        )
        .with(
            "BucketNotificationConfiguration",
            notifications(site, &mut draw),
        )
        .with("BucketPolicy", bucket_policy(&name, &mut draw))
        .with("BucketVersioningConfiguration", versioning)
        .with("BucketLifecycleConfiguration", lifecycle(&mut draw))
        .with(
            "BucketReplicationConfiguration",
            replication(site, &name, &mut draw),
        )
        .with("GetBucketLocation", replica_location(&name))
        .with("ObjectLockConfiguration", object_lock(&mut draw))
        .with("PublicAccessBlockConfiguration", block(&mut draw))
        .with(
            "ServerSideEncryptionConfiguration",
            encryption(site, &mut draw),
        )
        .with("IsRequesterPaysEnabled", json!(false));
    // The audit team keeps everybody out of one bucket, the recorder too.
    if n == 1 && site.is_home() && site.account.name == "platform" {
        return item.denied("BucketVersioningConfiguration", "s3:GetBucketVersioning");
    }
    item.unread_in(
        3,
        &mut draw,
        "BucketVersioningConfiguration",
        "s3:GetBucketVersioning",
    )
    .unread_in(3, &mut draw, "BucketPolicy", "s3:GetBucketPolicy")
    .unread_in(2, &mut draw, "AccessControlList", "s3:GetBucketAcl")
}

fn access_point(site: Site, n: usize) -> Item {
    let mut draw = site.draw("access-point", n);
    let name = format!("{}-analytics", site.app(n));
    let arn = site.arn("s3", &format!("accesspoint/{name}"));
    Item::new(site, "AWS::S3::AccessPoint", &arn, &arn)
        .named(&name)
        .configuration(json!({
            "Name": name, "Arn": arn, "Bucket": bucket_name(site, n + 1),
            "BucketAccountId": site.account.id, "NetworkOrigin": "VPC",
            "VpcConfiguration": {"VpcId": site.vpc(n)},
            "Alias": format!("{name}-{}-s3alias", site.hex("alias", n, 12)),
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": draw.ok(), "IgnorePublicAcls": draw.ok(),
                "BlockPublicPolicy": draw.ok(), "RestrictPublicBuckets": draw.ok()},
        }))
}

fn account_block(site: Site) -> Item {
    let id = site.account.id;
    let is_on = site.account.name != "sandbox";
    Item::new(
        site,
        "AWS::S3::AccountPublicAccessBlock",
        id,
        &site.global_arn("s3", "account-public-access-block"),
    )
    .configuration(json!({
        "blockPublicAcls": true, "ignorePublicAcls": true,
        "blockPublicPolicy": is_on, "restrictPublicBuckets": is_on,
    }))
}

fn file_system(site: Site, n: usize) -> Item {
    let mut draw = site.draw("efs", n);
    let id = site.id("fs", n);
    let arn = site.arn("elasticfilesystem", &format!("file-system/{id}"));
    let is_encrypted = draw.ok();
    let mut configuration = json!({
        "Arn": arn, "FileSystemId": id, "Encrypted": is_encrypted,
        "PerformanceMode": "generalPurpose", "ThroughputMode": "elastic",
        "LifecyclePolicies": [{"TransitionToIA": "AFTER_30_DAYS"}],
        "BackupPolicy": {"Status": draw.either("ENABLED", "DISABLED")},
        "FileSystemPolicy": {},
    });
    if let (true, Some(members)) = (is_encrypted, configuration.as_object_mut()) {
        members.insert("KmsKeyId".to_owned(), json!(site.key("data")));
    }
    Item::new(site, "AWS::EFS::FileSystem", &id, &arn)
        .tagged(&mut draw, &format!("{}-shared", site.app(n)), site.app(n))
        .configuration(configuration)
}

/// In the API's casing: AWS Config records none.
fn windows_file_system(site: Site) -> Item {
    let mut draw = site.draw("fsx", 0);
    let id = site.id("fs", 800);
    let arn = site.arn("fsx", &format!("file-system/{id}"));
    Item::new(site, "AWS::FSx::FileSystem", &id, &arn)
        .tagged(&mut draw, "reporting-share", "reporting")
        .configuration(json!({
            "FileSystemId": id, "FileSystemType": "WINDOWS", "Lifecycle": "AVAILABLE",
            "StorageCapacity": 300, "StorageType": "SSD", "VpcId": site.vpc(0),
            "SubnetIds": [site.subnet(0)], "KmsKeyId": site.key("data"), "ResourceARN": arn,
            "WindowsConfiguration": {"DeploymentType": "MULTI_AZ_1",
                "AutomaticBackupRetentionDays": 30, "CopyTagsToBackups": draw.ok()},
        }))
}

/// In the API's casing: AWS Config records none.
fn transfer_server(site: Site) -> Item {
    let mut draw = site.draw("transfer", 0);
    let id = format!("s-{}", site.hex("transfer", 0, 17));
    let arn = site.arn("transfer", &format!("server/{id}"));
    let protocols = if draw.ok() && site.region.name != "eu-central-1" {
        json!(["SFTP"])
    } else {
        json!(["FTPS", "FTP"])
    };
    Item::new(site, "AWS::Transfer::Server", &id, &arn)
        .tagged(&mut draw, "partner-files", "shipping")
        .configuration(json!({
            "ServerId": id, "Arn": arn, "Protocols": protocols, "State": "ONLINE",
            "Domain": "S3", "EndpointType": "VPC", "IdentityProviderType": "SERVICE_MANAGED",
            "SecurityPolicyName": draw.either(
                "TransferSecurityPolicy-2024-01", "TransferSecurityPolicy-2018-11"),
            "LoggingRole": site.role("transfer-logging"),
        }))
}
