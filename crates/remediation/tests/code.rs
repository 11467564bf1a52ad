//! Oracles: `git apply` takes each patch; cfn-lint has nothing against the patched template; HCL and YAML, read again.

#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "code/shared.rs"]
mod shared;

use std::collections::BTreeMap;
use std::process::Command;

use posture_remediation::{CodeChange, Companion, Content, InTerraform, PatchError};
use serde_json::{Value, json};
use shared::{applied, file, of_template, of_terraform, patched};

const BUCKET: &str = "# Ours.
Resources:
  Topic:
    Type: AWS::SNS::Topic
  Logs:
    Type: AWS::S3::Bucket   # of the load balancer
    DeletionPolicy: Retain
    Properties:
      BucketName: !Sub '${AWS::StackName}-logs'
      PublicAccessBlockConfiguration:
        BlockPublicAcls: false # for now
        BlockPublicPolicy: \"false\"
      Tags:
        - {Key: a, Value: b}
";

#[test]
fn a_template_says_more_and_everything_else_stays_as_it_was_written() {
    let block = json!({"PublicAccessBlockConfiguration": {
        "BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true,
    }, "VersioningConfiguration": {"Status": "Enabled"}});
    let change = of_template("Logs", "AWS::S3::Bucket", block.clone());
    let expected = BUCKET
        .replace(
            "BlockPublicAcls: false # for now",
            "BlockPublicAcls: true # for now\n        IgnorePublicAcls: true",
        )
        .replace("BlockPublicPolicy: \"false\"", "BlockPublicPolicy: true")
        .replace(
            "-logs'\n",
            "-logs'\n      VersioningConfiguration:\n        Status: Enabled\n",
        );
    let found = patched(&change, &file("stacks/web.yaml", BUCKET));
    // The new member stands behind a first one of one line, else before it.
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&found), sorted(&expected), "{found}");
    for line in [
        "# Ours.",
        "# of the load balancer",
        "# for now",
        "!Sub '${AWS::StackName}-logs'",
    ] {
        assert!(found.contains(line), "{found}");
    }

    // Without Properties, with the line ends of Windows, without a last line end.
    let bare = "Resources:\r\n  Logs:\r\n    Type: AWS::S3::Bucket";
    let versioned = json!({"VersioningConfiguration": {"Status": "Enabled"}});
    let change = of_template("Logs", "AWS::S3::Bucket", versioned.clone());
    let found = patched(&change, &file("web.yaml", bare));
    let expected = format!(
        "{bare}\r\n    Properties:\r\n      VersioningConfiguration:\r\n        Status: Enabled\r\n"
    );
    assert_eq!(found, expected);

    // JSON stays JSON, in its own style.
    for text in [
        "{\n    \"Resources\": {\n        \"Logs\": {\n            \"Type\": \"AWS::S3::Bucket\",\n            \"Properties\": {\n                \"BucketName\": \"b\"\n            }\n        }\n    }\n}\n",
        r#"{"Resources": {"Logs": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "b"}}}}"#,
        r#"{"Resources": {"Logs": {"Type": "AWS::S3::Bucket", "Properties": {}}}}"#,
        r#"{"Resources": {"Logs": {"Type": "AWS::S3::Bucket"}}}"#,
    ] {
        let found = patched(&change, &file("web.json", text));
        let found: Value = serde_json::from_str(&found).unwrap();
        let properties = &found["Resources"]["Logs"]["Properties"];
        assert_eq!(properties["VersioningConfiguration"]["Status"], "Enabled");
        assert_eq!(found["Resources"]["Logs"]["Type"], "AWS::S3::Bucket");
    }
}

#[test]
fn what_can_t_be_said_safely_is_left_to_a_person() {
    let versioned = || json!({"VersioningConfiguration": {"Status": "Enabled"}});
    let change = of_template("Logs", "AWS::S3::Bucket", versioned());
    let of = |text: &str| change.patch(&[file("web.yaml", text)], None, None);
    let by_hand = |what: &str| {
        Err(PatchError::ByHand {
            path: "web.yaml".to_owned(),
            what: format!("Logs.Properties.{what}"),
        })
    };
    let with = |value: &str| {
        format!(
            "Resources:\n  Logs:\n    Type: AWS::S3::Bucket\n    Properties:\n      VersioningConfiguration: {value}\n"
        )
    };
    let if_prod = "!If [Prod, {Status: Enabled}, !Ref AWS::NoValue]";
    assert_eq!(of(&with(if_prod)), by_hand("VersioningConfiguration"));
    assert_eq!(
        of(&with("{Status: !Ref Status}")),
        by_hand("VersioningConfiguration.Status")
    );
    assert_eq!(
        of(&with("{Status: Enabled}")),
        Err(PatchError::Already {
            path: "web.yaml".to_owned()
        })
    );
    // An anchor is said in several places: changing it would change those, too.
    let shared = "Resources:\n  Other:\n    Type: AWS::S3::Bucket\n    Properties: &p\n      BucketName: b\n  Logs:\n    Type: AWS::S3::Bucket\n    Properties: *p\n";
    assert!(matches!(of(shared), Err(PatchError::ByHand { .. })));
    assert!(matches!(
        of("Resources: {}"),
        Err(PatchError::Absent { .. })
    ));
    assert!(matches!(
        of("Resources: ["),
        Err(PatchError::Unreadable { .. })
    ));
    let other = "Resources:\n  Logs:\n    Type: AWS::SQS::Queue\n";
    assert!(matches!(of(other), Err(PatchError::Unreadable { .. })));
    let fixed = with("{Status: Suspended}");
    let found = patched(&change, &file("web.yaml", &fixed));
    assert_eq!(found, with("{Status: \"Enabled\"}"));
}

const TABLES: &str = r#"# The tables.
resource "aws_dynamodb_table" "orders" {
  name         = "orders" # the first
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  deletion_protection_enabled = false # soon

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "carts" {
  name = var.carts
  point_in_time_recovery { enabled = false }
  deletion_protection_enabled = var.protected
}
"#;

#[test]
fn terraform_says_more_and_everything_else_stays_as_it_was_written() {
    let source = file("live/tables.tf", TABLES);
    let change = of_terraform(
        "aws_dynamodb_table",
        "name",
        "orders",
        json!({"deletion_protection_enabled": true, "point_in_time_recovery": {"enabled": true}}),
    );
    let found = patched(&CodeChange::Terraform(change), &source);
    let expected = TABLES.replace("= false # soon", "= true # soon").replacen(
        "    type = \"S\"\n  }\n}",
        "    type = \"S\"\n  }\n  point_in_time_recovery {\n    enabled = true\n  }\n}",
        1,
    );
    assert_eq!(found, expected);

    // By its address, or by the state; a variable is not ours to change.
    let recovered = json!({"point_in_time_recovery": {"enabled": true}});
    let carts = of_terraform("aws_dynamodb_table", "name", "carts-1", recovered);
    let carts = CodeChange::Terraform(carts);
    let files = [source.clone()];
    assert!(matches!(
        carts.patch(&files, None, None),
        Err(PatchError::Absent { .. })
    ));
    let state = json!({"version": 4, "resources": [{
        "mode": "managed", "type": "aws_dynamodb_table", "name": "carts",
        "instances": [{"attributes": {"id": "carts-1"}}],
    }]});
    let by_state = carts.patch(&files, None, Some(&state.to_string())).unwrap();
    let by_address = carts.patch(&files, Some("aws_dynamodb_table.carts"), None);
    assert_eq!(by_address, Ok(by_state.clone()));
    let found = applied(&source, &by_state);
    assert!(found.contains("enabled = true"), "{found}");
    let protected = of_terraform(
        "aws_dynamodb_table",
        "name",
        "x",
        json!({"deletion_protection_enabled": true}),
    );
    let protected = CodeChange::Terraform(protected);
    let refused = protected.patch(&files, Some("aws_dynamodb_table.carts"), None);
    assert!(
        matches!(refused, Err(PatchError::ByHand { .. })),
        "{refused:?}"
    );
    let elsewhere = protected.patch(&files, Some("module.db.aws_dynamodb_table.carts"), None);
    assert!(matches!(elsewhere, Err(PatchError::Absent { .. })));
    let broken = protected.patch(&[file("a.tf", "resource {")], None, None);
    assert!(matches!(broken, Err(PatchError::Unreadable { .. })));
}

#[test]
fn a_resource_beside_is_changed_or_added() {
    let bucket = "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"logs-1\"\n}\n";
    let change = InTerraform {
        beside: Some(Companion {
            resource_type: "aws_s3_bucket_versioning".to_owned(),
            of: "bucket".to_owned(),
        }),
        ..of_terraform(
            "aws_s3_bucket",
            "bucket",
            "logs-1",
            json!({"versioning_configuration": {"status": "Enabled"}}),
        )
    };
    let change = CodeChange::Terraform(change);
    let found = patched(&change, &file("main.tf", bucket));
    let beside = "\nresource \"aws_s3_bucket_versioning\" \"logs\" {\n  bucket = aws_s3_bucket.logs.id\n  versioning_configuration {\n    status = \"Enabled\"\n  }\n}\n";
    assert_eq!(found, format!("{bucket}{beside}"));
    let suspended = file(
        "main.tf",
        &format!("{bucket}{}", beside.replace("Enabled", "Suspended")),
    );
    assert_eq!(patched(&change, &suspended), format!("{bucket}{beside}"));
}

const ROLE: &str = "arn:aws:iam::111122223333:role/r";

/// What a template needs of each type beside what is declared, as cfn-lint asks for it.
fn needed(resource_type: &str) -> Value {
    match resource_type {
        "AWS::RDS::DBInstance" => {
            json!({"DBInstanceClass": "db.t3.micro", "Engine": "mysql", "AllocatedStorage": "20",
            "ManageMasterUserPassword": true, "MasterUsername": "root"})
        }
        "AWS::RDS::DBCluster" => {
            json!({"Engine": "aurora-mysql", "ManageMasterUserPassword": true, "MasterUsername": "root"})
        }
        "AWS::DynamoDB::Table" => json!({"BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}),
        "AWS::CloudTrail::Trail" => json!({"IsLogging": true, "S3BucketName": "logs-1"}),
        "AWS::Redshift::Cluster" => {
            json!({"ClusterType": "single-node", "DBName": "d", "NodeType": "ra3.large",
            "MasterUsername": "root", "ManageMasterPassword": true})
        }
        "AWS::ElastiCache::ReplicationGroup" => json!({"ReplicationGroupDescription": "d"}),
        "AWS::ElastiCache::CacheCluster" => {
            json!({"CacheNodeType": "cache.t3.micro", "Engine": "redis", "NumCacheNodes": 1})
        }
        "AWS::CodeBuild::Project" => {
            json!({"Artifacts": {"Type": "NO_ARTIFACTS"}, "ServiceRole": ROLE,
            "Environment": {"ComputeType": "BUILD_GENERAL1_SMALL", "Image": "i", "Type": "LINUX_CONTAINER"},
            "Source": {"Type": "NO_SOURCE", "BuildSpec": "version: 0.2"}})
        }
        "AWS::Athena::WorkGroup" => json!({"Name": "w"}),
        "AWS::AutoScaling::AutoScalingGroup" => {
            json!({"MinSize": "0", "MaxSize": "1", "AvailabilityZones": ["eu-west-1a"],
            "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "1"}})
        }
        "AWS::CloudFront::Distribution" => json!({"DistributionConfig": {"Enabled": true,
            "DefaultCacheBehavior": {"TargetOriginId": "o", "ViewerProtocolPolicy": "https-only",
                "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"},
            "Origins": [{"Id": "o", "DomainName": "example.com", "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}}]}}),
        "AWS::EC2::Instance" => json!({"ImageId": "ami-12345678"}),
        "AWS::EC2::Subnet" => json!({"VpcId": "vpc-12345678", "CidrBlock": "10.0.0.0/24"}),
        "AWS::KMS::Key" => json!({"KeyPolicy": {"Version": "2012-10-17", "Statement": []}}),
        _ => json!({}),
    }
}

/// A value of a parameter that has no default.
fn example(parameter: &str) -> Value {
    json!(match parameter {
        "MonitoringRoleArn" | "CloudWatchLogsRole" => ROLE,
        "KMSKeyId" | "KmsKeyArn" =>
            "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        _ => "example-1",
    })
}

#[test]
fn every_declared_change_of_a_template_is_what_cloudformation_knows() {
    let Some(python) = moto::python() else { return };
    let content = Content::embedded().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut names = BTreeMap::new();
    for remedy in content.remedies() {
        let Some(properties) = &remedy.safety.code.cloudformation else {
            continue;
        };
        let kind = &remedy.safety.resource.resource_type;
        let text = json!({"Resources": {"It": {"Type": kind, "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain", "Properties": needed(kind)}}});
        let text = serde_json::to_string_pretty(&text).unwrap();
        let globals = ["AWS_PARTITION", "REGION", "ACCOUNT_ID"].iter();
        let globals = globals.zip(["aws", "eu-west-1", "111122223333"]);
        // The default of each parameter that the change names.
        let parameters = &remedy.document.parameters;
        let mut said = Value::Object(properties.clone()).to_string();
        for (name, parameter) in parameters {
            let default = parameter.default.clone();
            let default = default.unwrap_or_else(|| example(name));
            said = said.replace(&format!("\"{{{{ {name} }}}}\""), &default.to_string());
            let part = default.as_str().unwrap_or_default();
            said = said.replace(&format!("{{{{ {name} }}}}"), part);
        }
        for (name, value) in globals {
            said = said.replace(&format!("{{{{ global:{name} }}}}"), value);
        }
        let change = of_template("It", kind, serde_json::from_str(&said).unwrap());
        let path = format!("{}.json", remedy.name);
        let text = patched(&change, &file(&path, &text));
        std::fs::write(folder.path().join(&path), text).unwrap();
        names.insert(remedy.name.clone(), path);
    }
    assert!(names.len() > 30, "{names:?}");
    let output = Command::new(python)
        .args([
            "-c",
            "import sys; from cfnlint.runner import main; sys.exit(main())",
            "--regions",
            "eu-west-1",
            "--non-zero-exit-code",
            "error",
        ])
        .args(names.values())
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
