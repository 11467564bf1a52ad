//! From a resource as Panther scans it to AWS Config's items.
//!
//! Panther keeps what AWS's APIs answer, in their casing, several answers about one resource in one
//! object, with `null` for what isn't set. AWS Config's items begin each name in lower case, and
//! keep apart what the describing call says (`configuration`) from the rest.

use serde_json::{Map, Value, json};

/// Not the account in the policies of the samples, so that their principals are another account's
/// wherever the resource doesn't say whose it is.
const ACCOUNT: &str = "111122223333";
const REGION: &str = "us-west-2";

/// The items of a resource, the one that is judged first; none where no rule of ours is about it.
pub(crate) fn items(resource_type: &str, input: &Value) -> Option<Vec<Value>> {
    Some(match resource_type {
        "AWS.ACM.Certificate" => vec![plain("AWS::ACM::Certificate", input, "Arn")],
        "AWS.CloudTrail" => vec![trail(input)],
        "AWS.CloudTrail.Meta" => vec![account_with_trails(input)],
        "AWS.CloudWatch.LogGroup" => vec![plain("AWS::Logs::LogGroup", input, "LogGroupName")],
        "AWS.DynamoDB.Table" => vec![table(input)],
        "AWS.EC2.Instance" => vec![instance(input)],
        "AWS.EC2.NetworkACL" => vec![plain("AWS::EC2::NetworkAcl", input, "NetworkAclId")],
        "AWS.EC2.Volume" => vec![plain("AWS::EC2::Volume", input, "VolumeId")],
        "AWS.EC2.VPC" => vpc(input),
        "AWS.ELBV2.ApplicationLoadBalancer" => vec![load_balancer(input)],
        "AWS.GuardDuty.Detector.Meta" => account_with_detectors(input),
        "AWS.IAM.Policy" => vec![managed_policy(input)],
        "AWS.IAM.RootUser" => vec![account_with_root_user(input)],
        "AWS.IAM.User" => vec![user(input)],
        "AWS.KMS.Key" => vec![key(input)],
        "AWS.Lambda.Function" => vec![function(input)],
        "AWS.PasswordPolicy" => vec![account(json!({
            "GetAccountPasswordPolicy": {"PasswordPolicy": input},
        }))],
        "AWS.RDS.Instance" => vec![plain("AWS::RDS::DBInstance", input, "DBInstanceIdentifier")],
        "AWS.Redshift.Cluster" => vec![cluster(input)],
        "AWS.S3.Bucket" => vec![bucket(input)],
        _ => return None,
    })
}

/// `unread` says that all was asked for, as Panther did: what isn't there isn't set.
fn item(resource_type: &str, id: &str, configuration: Value, supplementary: Value) -> Value {
    let mut item = json!({
        "accountId": ACCOUNT, "awsRegion": REGION,
        "resourceType": resource_type, "resourceId": id, "resourceName": id,
        "configurationItemStatus": "OK",
        "configurationItemCaptureTime": "2026-01-01T00:00:00Z", "unread": [],
    });
    item["configuration"] = configuration;
    item["supplementaryConfiguration"] = supplementary;
    item
}

fn plain(resource_type: &str, input: &Value, id: &str) -> Value {
    let id = input[id].as_str().unwrap_or("the-resource");
    item(resource_type, id, lower(input), json!({}))
}

/// Global facts of an account are on its item of the home Region.
fn account(supplementary: Value) -> Value {
    let mut account = item("AWS::::Account", ACCOUNT, json!({}), supplementary);
    account["awsRegion"] = json!("us-east-1");
    account
}

/// The same value, with each name begun in lower case.
fn lower(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (lower_name(name), lower(value)))
            .collect::<Map<String, Value>>()
            .into(),
        Value::Array(elements) => elements.iter().map(lower).collect(),
        other => other.clone(),
    }
}

fn lower_name(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_ascii_lowercase() + rest
}

fn trail(input: &Value) -> Value {
    let status = json!({"GetTrailStatus": input["Status"]});
    item("AWS::CloudTrail::Trail", "trail", lower(input), status)
}

/// Panther has the selectors of all trails of all Regions in one place, and lists the trails' names.
fn account_with_trails(input: &Value) -> Value {
    let trails = input["Trails"].as_array().unwrap();
    let trails: Vec<Value> = trails
        .iter()
        .map(|name| {
            json!({
                "Name": name, "IsMultiRegionTrail": true,
                "GetTrailStatus": {"IsLogging": true},
                "GetEventSelectors": {
                    "EventSelectors": input["GlobalEventSelectors"],
                    "AdvancedEventSelectors": input["GlobalAdvancedEventSelectors"],
                },
            })
        })
        .collect();
    account(json!({"DescribeTrails": {"trailList": trails}}))
}

/// Panther keeps the scalable targets, not the policies that act on them.
fn table(input: &Value) -> Value {
    let targets = input["AutoScalingDescriptions"].as_array();
    let targets = targets.cloned().unwrap_or_default();
    let policies: Vec<Value> = targets
        .iter()
        .map(|target| {
            json!({
                "ResourceId": target["ResourceId"],
                "ScalableDimension": target["ScalableDimension"],
                "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 70.0},
            })
        })
        .collect();
    let mut configuration = lower(input);
    configuration["tableName"] = input["Name"].clone();
    let supplementary = json!({
        "DescribeScalableTargets": {"ScalableTargets": targets},
        "DescribeScalingPolicies": {"ScalingPolicies": policies},
    });
    item(
        "AWS::DynamoDB::Table",
        "table",
        configuration,
        supplementary,
    )
}

/// What the two types in the samples support, from EC2's user guide, "EBS-optimized instance types".
fn instance(input: &Value) -> Value {
    let support = match input["InstanceType"].as_str() {
        Some("c1.xlarge") => "supported",
        Some("t2.micro") => "unsupported",
        other => panic!("does {other:?} support EBS optimization?"),
    };
    let types = json!([{"EbsInfo": {"EbsOptimizedSupport": support}}]);
    let supplementary = json!({"DescribeInstanceTypes": {"InstanceTypes": types}});
    item("AWS::EC2::Instance", "i-1", lower(input), supplementary)
}

/// Panther keeps a VPC's flow logs in it; in AWS Config they are resources.
fn vpc(input: &Value) -> Vec<Value> {
    let id = input["VpcId"].as_str().unwrap();
    let mut items = vec![item("AWS::EC2::VPC", id, json!({}), json!({}))];
    let logs = input["FlowLogs"].as_array();
    for (number, log) in logs.into_iter().flatten().enumerate() {
        let mut configuration = lower(log);
        // In the samples it is the one of another VPC.
        configuration["resourceId"] = json!(id);
        let id = format!("fl-{number}");
        items.push(item("AWS::EC2::FlowLog", &id, configuration, json!({})));
    }
    items.push(deleted("AWS::EC2::FlowLog"));
    items
}

/// Shows that resources of a type are recorded, and is none itself.
fn deleted(resource_type: &str) -> Value {
    let mut gone = item(resource_type, "gone", json!({}), json!({}));
    gone["configurationItemStatus"] = json!("ResourceDeleted");
    gone
}

fn load_balancer(input: &Value) -> Value {
    let web_acl = match &input["WebAcl"] {
        Value::Null => Value::Null,
        web_acl => json!({"ARN": web_acl["WebACLArn"]}),
    };
    let supplementary = json!({"GetWebACLForResource": {"WebACL": web_acl}});
    let resource_type = "AWS::ElasticLoadBalancingV2::LoadBalancer";
    item(resource_type, "balancer", lower(input), supplementary)
}

/// Panther's detectors are `account:region:type`; it asks for one in us-west-2.
fn account_with_detectors(input: &Value) -> Vec<Value> {
    let account = item("AWS::::Account", ACCOUNT, json!({}), json!({}));
    let mut items = vec![account, deleted("AWS::GuardDuty::Detector")];
    for name in input["Detectors"].as_array().unwrap() {
        let region = name.as_str().unwrap().split(':').nth(1).unwrap();
        let configuration = json!({"Enable": true});
        let mut detector = item("AWS::GuardDuty::Detector", region, configuration, json!({}));
        detector["awsRegion"] = json!(region);
        items.push(detector);
    }
    items
}

fn managed_policy(input: &Value) -> Value {
    let mut configuration = lower(input);
    configuration["policyVersionList"] = json!([{
        "versionId": input["DefaultVersionId"], "isDefaultVersion": true,
        "document": input["PolicyDocument"],
    }]);
    item("AWS::IAM::Policy", "policy", configuration, json!({}))
}

/// Panther reads the root user's row of the credential report, AWS Config's rules read the account's
/// summary. The row says `false` of the root user's password, which every root user of that time had.
fn account_with_root_user(input: &Value) -> Value {
    let report = &input["CredentialReport"];
    let has_key = ["AccessKey1Active", "AccessKey2Active"].map(|key| report[key] == json!(true));
    account(json!({"GetAccountSummary": {"SummaryMap": {
        "AccountPasswordPresent": 1,
        "AccountAccessKeysPresent": i32::from(has_key.contains(&true)),
        "AccountSigningCertificatesPresent": 0,
        "AccountMFAEnabled": i32::from(report["MfaActive"] == json!(true)),
    }}}))
}

fn user(input: &Value) -> Value {
    let attached = input["ManagedPolicyNames"].as_array();
    let inline = input["InlinePolicies"].as_object();
    let name = |name: &Value| json!({"policyName": name});
    let mut configuration = lower(input);
    configuration["attachedManagedPolicies"] = attached.into_iter().flatten().map(name).collect();
    configuration["userPolicyList"] = inline
        .into_iter()
        .flat_map(|policies| policies.keys())
        .map(|policy| json!({"policyName": policy}))
        .collect();
    let report = &input["CredentialReport"];
    let time = |column: &str| match report[column].as_str() {
        None | Some("0001-01-01T00:00:00Z") => json!("N/A"),
        Some(time) => json!(time),
    };
    let flag = |column: &str| json!((report[column] == json!(true)).to_string());
    let content = json!({
        "password_enabled": flag("PasswordEnabled"), "mfa_active": flag("MfaActive"),
        "password_last_used": time("PasswordLastUsed"),
        "password_last_changed": time("PasswordLastChanged"),
        "access_key_1_active": flag("AccessKey1Active"),
        "access_key_1_last_used_date": time("AccessKey1LastUsedDate"),
        "access_key_1_last_rotated": time("AccessKey1LastRotated"),
        "access_key_2_active": flag("AccessKey2Active"),
        "access_key_2_last_used_date": time("AccessKey2LastUsedDate"),
        "access_key_2_last_rotated": time("AccessKey2LastRotated"),
    });
    let supplementary = json!({"GetCredentialReport": {"Content": content}});
    item("AWS::IAM::User", "user", configuration, supplementary)
}

fn key(input: &Value) -> Value {
    let rotation = json!({"KeyRotationStatus": input["KeyRotationEnabled"]});
    item("AWS::KMS::Key", "key", lower(input), rotation)
}

fn function(input: &Value) -> Value {
    let policy = json!({"Policy": input["Policy"]["Policy"]});
    item("AWS::Lambda::Function", "function", lower(input), policy)
}

fn cluster(input: &Value) -> Value {
    let logging = json!({"LoggingStatus": lower(&input["LoggingStatus"])});
    item("AWS::Redshift::Cluster", "cluster", lower(input), logging)
}

/// AWS Config writes names of its own for a bucket's parts.
fn bucket(input: &Value) -> Value {
    let grants = input["Grants"].as_array();
    let grants: Vec<Value> = grants.into_iter().flatten().map(grant).collect();
    let rules = input["EncryptionRules"].as_array();
    let algorithms: Vec<Value> = rules
        .into_iter()
        .flatten()
        .map(|rule| {
            let algorithm = &rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"];
            json!({"applyServerSideEncryptionByDefault": {"sseAlgorithm": algorithm}})
        })
        .collect();
    let supplementary = json!({
        "AccessControlList": {"grantList": grants},
        "BucketLifecycleConfiguration": {"rules": lower(&input["LifecycleRules"])},
        "BucketPolicy": {"policyText": input["Policy"]},
        "BucketVersioningConfiguration": {
            "status": input["Versioning"].as_str().unwrap_or("Off"),
            "isMfaDeleteEnabled": input["MFADelete"].as_str().map(|state| state == "Enabled"),
        },
        "ObjectLockConfiguration": lower(&input["ObjectLockConfiguration"]),
        "PublicAccessBlockConfiguration": lower(&input["PublicAccessBlockConfiguration"]),
        "ServerSideEncryptionConfiguration": {"rules": algorithms},
    });
    let name = input["Name"].as_str().unwrap_or("bucket");
    item(
        "AWS::S3::Bucket",
        name,
        json!({"name": name}),
        supplementary,
    )
}

/// `FULL_CONTROL` to `http://…/AllUsers` is `FullControl` to `AllUsers`.
fn grant(grant: &Value) -> Value {
    let group = grant["Grantee"]["URI"].as_str();
    let group = group.and_then(|uri| uri.rsplit('/').next());
    let permission: String = grant["Permission"]
        .as_str()
        .unwrap()
        .split('_')
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_owned() + &rest.to_ascii_lowercase()
        })
        .collect();
    json!({"grantee": group.map_or(json!({"id": "owner"}), |group| json!(group)), "permission": permission})
}
