//! S3 buckets.
//!
//! Shapes: AWS Config's items of `AWS::S3::Bucket`. Absences: S3 API reference, each operation's
//! errors.

use serde_json::Map;

use crate::declare::prelude::*;
use crate::text::{value, values};

pub(crate) static SERVICE: Service = Service {
    model: "s3",
    // S3 lists the buckets of one Region where it is asked to.
    scope: Scope::Regional,
    // A twentieth of the 5,500 reads a second that a prefix of a bucket takes: none is published for
    // what is configured of buckets.
    // <https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html>
    calls_per_second: 250.0,
    collectors: &[BUCKET],
    account: &[],
};

const VERSIONING: &str = "supplementaryConfiguration.BucketVersioningConfiguration";

const BUCKET: Collector = Collector {
    name: Some("Name"),
    arn: Some("arn:{partition}:s3:::{Name}"),
    created: Some("CreationDate"),
    casing: Casing::Bean,
    shape: Some(bucket),
    tags: Tags::Bulk("s3"),
    details: &[
        of_bucket(
            "GetBucketAcl",
            "supplementaryConfiguration.AccessControlList",
        )
        .shape(acl),
        of_bucket(
            "GetBucketLifecycleConfiguration",
            "supplementaryConfiguration.BucketLifecycleConfiguration",
        )
        .action("s3:GetLifecycleConfiguration")
        .absent_on(&["NoSuchLifecycleConfiguration"])
        .shape(lifecycle),
        of_bucket(
            "GetBucketLogging",
            "supplementaryConfiguration.BucketLoggingConfiguration",
        )
        .shape(logging),
        of_bucket(
            "GetBucketNotificationConfiguration",
            "supplementaryConfiguration.BucketNotificationConfiguration",
        )
        .action("s3:GetBucketNotification")
        .shape(notifications),
        of_bucket("GetBucketPolicy", "supplementaryConfiguration.BucketPolicy")
            .absent_on(&["NoSuchBucketPolicy"])
            .shape(policy),
        of_bucket(
            "GetBucketReplication",
            "supplementaryConfiguration.BucketReplicationConfiguration",
        )
        .action("s3:GetReplicationConfiguration")
        .absent_on(&["ReplicationConfigurationNotFoundError"])
        .where_found(VERSIONING, is_versioned)
        .shape(replication),
        of_bucket("GetBucketVersioning", VERSIONING).shape(versioning),
        of_bucket(
            "GetObjectLockConfiguration",
            "supplementaryConfiguration.ObjectLockConfiguration",
        )
        .action("s3:GetBucketObjectLockConfiguration")
        .absent_on(&["ObjectLockConfigurationNotFoundError"])
        .where_found(VERSIONING, is_versioned)
        .take("ObjectLockConfiguration")
        .casing(Casing::Bean),
        of_bucket(
            "GetPublicAccessBlock",
            "supplementaryConfiguration.PublicAccessBlockConfiguration",
        )
        .action("s3:GetBucketPublicAccessBlock")
        .absent_on(&["NoSuchPublicAccessBlockConfiguration"])
        .take("PublicAccessBlockConfiguration")
        .casing(Casing::Bean),
        of_bucket(
            "GetBucketEncryption",
            "supplementaryConfiguration.ServerSideEncryptionConfiguration",
        )
        .action("s3:GetEncryptionConfiguration")
        .absent_on(&["ServerSideEncryptionConfigurationNotFoundError"])
        .take("ServerSideEncryptionConfiguration")
        .casing(Casing::Word),
        // Where the buckets are that this one is replicated to.
        of_bucket(
            "GetBucketLocation",
            "supplementaryConfiguration.GetBucketLocation",
        )
        .with(&[("Bucket", Param::Item("bucket"))])
        .every(destinations),
    ],
    ..Collector::of(
        ResourceType::S3Bucket,
        call("ListBuckets").action("s3:ListAllMyBuckets").with(&[
            ("BucketRegion", Param::Region),
            // Without it, accounts with a higher quota of buckets are refused.
            ("MaxBuckets", Param::Json("10000")),
        ]),
        "Buckets[]",
        "Name",
    )
};

const fn of_bucket(operation: &'static str, into: &'static str) -> Detail {
    detail(operation, into).with(&[("Bucket", Param::Item("Name"))])
}

fn bucket(configuration: &mut Value, entry: &Value) {
    *configuration = json!({ "name": entry["Name"], "creationDate": entry["CreationDate"] });
}

/// AWS Config writes groups as plain names, and permissions as words.
fn acl(reply: &Value) -> Value {
    let grants = values("Grants[]", reply).into_iter().map(|grant| {
        let grantee = match value("Grantee.URI", grant).and_then(Value::as_str) {
            Some(group) => json!(group.rsplit('/').next()),
            None => json!({
                "id": value("Grantee.ID", grant),
                "displayName": value("Grantee.DisplayName", grant),
            }),
        };
        json!({ "grantee": grantee, "permission": permission(grant) })
    });
    json!({
        "grantSet": null,
        "grantList": grants.collect::<Vec<_>>(),
        "owner": {
            "displayName": value("Owner.DisplayName", reply),
            "id": value("Owner.ID", reply),
        },
    })
}

/// `FULL_CONTROL` is `FullControl`.
fn permission(grant: &Value) -> Option<String> {
    let words = grant.get("Permission")?.as_str()?.split('_');
    let capitalised = words.map(|word| {
        let mut letters = word.chars();
        let first = letters.next().into_iter();
        first
            .chain(letters.map(|letter| letter.to_ascii_lowercase()))
            .collect::<String>()
    });
    Some(capitalised.collect())
}

fn lifecycle(reply: &Value) -> Value {
    let rules = values("Rules[]", reply).into_iter().map(|rule| {
        let of = |path| value(path, rule);
        let transition = |found: &Value, days: &str| {
            json!({
                "days": found.get(days),
                "date": found.get("Date"),
                "storageClass": found.get("StorageClass"),
            })
        };
        let all = |path, days| -> Vec<Value> {
            let found = values(path, rule).into_iter();
            found.map(|found| transition(found, days)).collect()
        };
        json!({
            "id": of("ID"),
            "prefix": of("Prefix"),
            "status": of("Status"),
            "filter": of("Filter").map(|filter| json!({ "predicate": predicate(filter) })),
            "expirationInDays": of("Expiration.Days"),
            "expirationDate": of("Expiration.Date"),
            "expiredObjectDeleteMarker": of("Expiration.ExpiredObjectDeleteMarker") == Some(&json!(true)),
            "noncurrentVersionExpirationInDays": of("NoncurrentVersionExpiration.NoncurrentDays"),
            "transitions": all("Transitions[]", "Days"),
            "noncurrentVersionTransitions": all("NoncurrentVersionTransitions[]", "NoncurrentDays"),
            "abortIncompleteMultipartUpload": of("AbortIncompleteMultipartUpload.DaysAfterInitiation")
                .map(|days| json!({ "daysAfterInitiation": days })),
        })
    });
    json!({ "rules": rules.collect::<Vec<_>>() })
}

/// The filter of a lifecycle rule, as the Java SDK that AWS Config uses has it.
fn predicate(filter: &Value) -> Value {
    if let Some(and) = filter.get("And") {
        let mut operands = Vec::new();
        operands.extend(and.get("Prefix").map(prefix));
        operands.extend(values("Tags[]", and).into_iter().map(tag));
        return json!({ "type": "LifecycleAndOperator", "operands": operands });
    }
    match (filter.get("Prefix"), filter.get("Tag")) {
        (Some(found), _) => prefix(found),
        (None, Some(found)) => tag(found),
        (None, None) => Value::Null,
    }
}

fn prefix(found: &Value) -> Value {
    json!({ "type": "LifecyclePrefixPredicate", "prefix": found })
}

fn tag(found: &Value) -> Value {
    let tag = json!({ "key": found.get("Key"), "value": found.get("Value") });
    json!({ "type": "LifecycleTagPredicate", "tag": tag })
}

fn logging(reply: &Value) -> Value {
    json!({
        "destinationBucketName": value("LoggingEnabled.TargetBucket", reply),
        "logFilePrefix": value("LoggingEnabled.TargetPrefix", reply),
    })
}

fn notifications(reply: &Value) -> Value {
    let mut configurations = Map::new();
    for (list, kind, arn, member) in [
        (
            "TopicConfigurations[]",
            "TopicConfiguration",
            "TopicArn",
            "topicARN",
        ),
        (
            "QueueConfigurations[]",
            "QueueConfiguration",
            "QueueArn",
            "queueARN",
        ),
        (
            "LambdaFunctionConfigurations[]",
            "LambdaConfiguration",
            "LambdaFunctionArn",
            "functionARN",
        ),
    ] {
        for found in values(list, reply) {
            let rules = values("Filter.Key.FilterRules[]", found);
            let rules = rules
                .into_iter()
                .map(|rule| json!({ "name": rule.get("Name"), "value": rule.get("Value") }));
            let filter = found
                .get("Filter")
                .map(|_| json!({ "s3KeyFilter": { "filterRules": rules.collect::<Vec<_>>() } }));
            let destination = found.get(arn).cloned().unwrap_or_default();
            let id = value("Id", found).and_then(Value::as_str);
            let id = id.or_else(|| destination.as_str()).unwrap_or_default();
            let mut configuration = json!({
                "type": kind,
                "events": found.get("Events"),
                "objectPrefixes": [],
                "filter": filter,
            });
            configuration[member].clone_from(&destination);
            configurations.insert(id.to_owned(), configuration);
        }
    }
    json!({ "configurations": configurations })
}

/// AWS Config keeps the policy as the text that S3 returned.
fn policy(reply: &Value) -> Value {
    json!({ "policyText": reply.get("Policy") })
}

fn replication(reply: &Value) -> Value {
    let mut rules = Map::new();
    for (position, rule) in values("ReplicationConfiguration.Rules[]", reply)
        .into_iter()
        .enumerate()
    {
        let id = value("ID", rule).and_then(Value::as_str);
        let id = id.map_or_else(|| position.to_string(), str::to_owned);
        let destination = json!({
            "account": value("Destination.Account", rule),
            "bucketARN": value("Destination.Bucket", rule),
            "storageClass": value("Destination.StorageClass", rule),
        });
        let prefix = value("Prefix", rule).or_else(|| value("Filter.Prefix", rule));
        let rule = json!({
            "prefix": prefix,
            "status": rule.get("Status"),
            "destinationConfig": destination,
        });
        rules.insert(id, rule);
    }
    json!({ "roleARN": value("ReplicationConfiguration.Role", reply), "rules": rules })
}

/// The buckets that the item's replication rules name, by ARN.
fn destinations(item: &Value) -> Vec<(String, Value)> {
    let place = "supplementaryConfiguration.BucketReplicationConfiguration.rules";
    let rules = value(place, item).and_then(Value::as_object);
    let arns = rules
        .into_iter()
        .flat_map(Map::values)
        .filter_map(|rule| value("destinationConfig.bucketARN", rule)?.as_str());
    let mut found: Vec<(String, Value)> = arns
        .filter_map(|arn| {
            let bucket = arn.rsplit(":::").next()?;
            Some((arn.to_owned(), json!({ "bucket": bucket })))
        })
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.dedup();
    found
}

/// Only a bucket with versioning is replicated, or has Object Lock; neither lets it be suspended.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-and-other-bucket-configs.html>
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html>
fn is_versioned(versioning: &Value) -> bool {
    versioning.get("status") == Some(&json!("Enabled"))
}

/// A bucket that never had versioning is answered without `Status`; AWS Config writes `Off`.
fn versioning(reply: &Value) -> Value {
    json!({
        "status": reply.get("Status").and_then(Value::as_str).unwrap_or("Off"),
        "isMfaDeleteEnabled": reply.get("MFADelete").map(|mfa| mfa == "Enabled"),
    })
}
