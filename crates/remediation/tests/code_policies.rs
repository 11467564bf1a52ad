//! Statements of bucket policies that code has to say. Oracles: `git apply` takes each patch; cfn-lint has nothing against
//! the templates; HCL and YAML, read again.

#![expect(clippy::string_slice, reason = "a test")]

#[path = "code/lint.rs"]
mod lint;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "code/shared.rs"]
mod shared;

use lint::lints;
use posture_remediation::{
    CodeChange, InTemplate, InTerraform, PatchError, PolicyPlace, PolicyStatement,
};
use serde_json::{Map, Value, json};
use shared::{file, members, patched};

fn statement(policy: Value, tool: &str) -> PolicyStatement {
    let place = |resource_type: &str, of: &str, document: &str| PolicyPlace {
        resource_type: resource_type.to_owned(),
        of: of.to_owned(),
        document: document.to_owned(),
    };
    let is_template = tool == "cloudformation";
    PolicyStatement {
        says: members(json!({
            "Sid": "DenyPlainHttp", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
            "Resource": ["arn:aws:s3:::logs-1", "arn:aws:s3:::logs-1/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        })),
        policy,
        cloudformation: is_template
            .then(|| place("AWS::S3::BucketPolicy", "Bucket", "PolicyDocument")),
        terraform: (!is_template).then(|| place("aws_s3_bucket_policy", "bucket", "policy")),
    }
}

fn bucket(policy: Value) -> CodeChange {
    CodeChange::CloudFormation(InTemplate {
        stack_name: "web".to_owned(),
        logical_resource_id: "Logs".to_owned(),
        resource_type: "AWS::S3::Bucket".to_owned(),
        identifiers: vec!["logs-1".to_owned()],
        properties: Map::new(),
        without: Vec::new(),
        statement: Some(statement(policy, "cloudformation")),
    })
}

#[test]
fn the_policy_of_a_template_s_bucket_has_the_statement() {
    let bare = "Resources:\n  Logs:\n    Type: AWS::S3::Bucket\n";
    let found = patched(&bucket(Value::Null), &file("web.yaml", bare));
    assert!(
        found.contains("  LogsPolicy:\n") && found.ends_with(&bare[11..]),
        "{found}"
    );
    lints(&found);
    // It has a policy that this template does not say.
    let elsewhere = bucket(json!("{}")).patch(&[file("web.yaml", bare)], None, None);
    let said = elsewhere.unwrap_err().to_string();
    assert!(
        said.contains("the AWS::S3::BucketPolicy of Logs is not in web.yaml"),
        "{said}"
    );

    let policy = "  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Logs
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {AWS: !Ref AWS::AccountId}
            Action: s3:GetObject
            Resource: !Sub '${Logs.Arn}/*'   # all
";
    let text = format!("{bare}{policy}");
    let found = patched(&bucket(json!("{}")), &file("web.yaml", &text));
    assert!(
        found.starts_with(&text) && found.contains("\n          - Sid: DenyPlainHttp\n"),
        "{found}"
    );
    lints(&found);
    let again = bucket(json!("{}")).patch(&[file("web.yaml", &found)], None, None);
    assert!(
        matches!(again, Err(PatchError::Already { .. })),
        "{again:?}"
    );
    // JSON, of one line and of several.
    let json = json!({"Resources": {
        "Logs": {"Type": "AWS::S3::Bucket"},
        "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {
            "Bucket": "logs-1",
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::logs-1/*"}]}}}}});
    for text in [
        json.to_string(),
        serde_json::to_string_pretty(&json).unwrap(),
    ] {
        let found = patched(&bucket(json!("{}")), &file("web.json", &text));
        let found: Value = serde_json::from_str(&found).unwrap();
        let list = &found["Resources"]["Policy"]["Properties"]["PolicyDocument"]["Statement"];
        assert_eq!(list[1]["Sid"], "DenyPlainHttp");
    }
}

fn bucket_of_terraform(policy: Value) -> CodeChange {
    CodeChange::Terraform(InTerraform {
        resource_type: "aws_s3_bucket".to_owned(),
        name: "bucket".to_owned(),
        identifiers: vec!["logs-1".to_owned()],
        beside: None,
        arguments: Map::new(),
        without: Vec::new(),
        statement: Some(statement(policy, "terraform")),
    })
}

const NEW: &str = r#"
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
      {
        Sid       = "DenyPlainHttp"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::logs-1", "arn:aws:s3:::logs-1/*"]
        Condition = {
          Bool = {
            "aws:SecureTransport" = "false"
          }
        }
      },
    ]
  })
}
"#;

#[test]
fn the_policy_of_terraform_s_bucket_has_the_statement() {
    let bare = "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"logs-1\"\n}\n";
    let found = patched(&bucket_of_terraform(Value::Null), &file("s3.tf", bare));
    assert_eq!(found, format!("{bare}{NEW}"));
    let has = bucket_of_terraform(json!("{}"));
    let again = has.patch(&[file("s3.tf", &found)], None, None);
    assert!(
        matches!(again, Err(PatchError::Already { .. })),
        "{again:?}"
    );
    let elsewhere = has.patch(&[file("s3.tf", bare)], None, None);
    assert!(
        matches!(elsewhere, Err(PatchError::Absent { .. })),
        "{elsewhere:?}"
    );

    let encoded = format!(
        "{bare}\nresource \"aws_s3_bucket_policy\" \"p\" {{\n  bucket = aws_s3_bucket.logs.bucket\n  policy = jsonencode({{\n    Version = \"2012-10-17\"\n    Statement = [\n      {{\n        Effect = \"Allow\"\n        Action = \"s3:GetObject\"\n      }} # all\n    ]\n  }})\n}}\n"
    );
    let found = patched(&has, &file("s3.tf", &encoded));
    assert!(
        found.contains("      {\n        Sid       = \"DenyPlainHttp\"") && found.contains("# all"),
        "{found}"
    );

    let by_data = format!(
        "{bare}\nresource \"aws_s3_bucket_policy\" \"p\" {{\n  bucket = \"logs-1\"\n  policy = data.aws_iam_policy_document.p.json\n}}\n\ndata \"aws_iam_policy_document\" \"p\" {{\n  statement {{\n    actions = [\"s3:GetObject\"]\n  }}\n}}\n"
    );
    let found = patched(&has, &file("s3.tf", &by_data));
    assert!(
        found.contains("    sid       = \"DenyPlainHttp\"\n    effect    = \"Deny\"\n"),
        "{found}"
    );
    assert!(
        found.contains("      variable = \"aws:SecureTransport\"\n"),
        "{found}"
    );
    let again = has.patch(&[file("s3.tf", &found)], None, None);
    assert!(
        matches!(again, Err(PatchError::Already { .. })),
        "{again:?}"
    );

    let heredoc = by_data.replace("data.aws_iam_policy_document.p.json", "file(\"p.json\")");
    let refused = has.patch(&[file("s3.tf", &heredoc)], None, None);
    assert!(
        matches!(refused, Err(PatchError::ByHand { .. })),
        "{refused:?}"
    );
}
