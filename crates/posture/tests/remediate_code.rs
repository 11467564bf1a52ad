//! `posture remediate plan` of what code manages, as its user runs it. Oracles: `git apply`; moto, which deploys the
//! patched template, and what boto3 sees there.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "command/shell.rs"]
mod shell;

use std::process::{Command, Output};

use moto::Moto;
use serde_json::Value;
use shell::{environment, printed, said};

const TEMPLATE: &str = "Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders-1   # as the shop knows it
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
";

/// The stack, with the tags that CloudFormation gives its resources, and moto does not.
const STACK: &str = "
import boto3
boto3.client('cloudformation').create_stack(StackName='web', TemplateBody=open('web.template').read())
tags = boto3.client('resourcegroupstaggingapi')
of_stack = {'aws:cloudformation:stack-name': 'web', 'aws:cloudformation:logical-id': 'Orders'}
arn = boto3.client('dynamodb').describe_table(TableName='orders-1')['Table']['TableArn']
tags.tag_resources(ResourceARNList=[arn], Tags=of_stack)
s3 = boto3.client('s3')
s3.create_bucket(Bucket='code-1', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
s3.put_bucket_tagging(Bucket='code-1', Tagging={'TagSet': [{'Key': 'ManagedBy', 'Value': 'terraform'}]})
";

const DEPLOYED: &str = "
import boto3
boto3.client('cloudformation').delete_stack(StackName='web')
boto3.client('cloudformation').create_stack(StackName='web', TemplateBody=open('web.template').read())
print(boto3.client('dynamodb').describe_table(TableName='orders-1')['Table']['DeletionProtectionEnabled'])
";

const WIDE: &str = "Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      SecurityGroupIngress:
        # For now.
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
        - IpProtocol: tcp
          FromPort: 443
          ToPort: 443
          CidrIp: 10.0.0.0/8
  Logs:
    Type: AWS::S3::Bucket
    Properties: {BucketName: logs-1}
";

/// A stack with an open group and a bucket, with the tags that moto does not give the bucket.
const WIDE_STACK: &str = "
import boto3
text = open('wide.template').read()
of_stack = {'aws:cloudformation:stack-name': 'wide', 'aws:cloudformation:logical-id': 'Logs'}
tags = [{'Key': key, 'Value': value} for key, value in of_stack.items()]
text = text.replace('{BucketName: logs-1}', str({'BucketName': 'logs-1', 'Tags': tags}))
boto3.client('cloudformation').create_stack(StackName='wide', TemplateBody=text)
";

const WIDE_GROUP: &str = "
import boto3
groups = boto3.client('ec2').describe_security_groups()['SecurityGroups']
print(next(group['GroupId'] for group in groups if group['Description'] == 'web'))
";

const WIDE_DEPLOYED: &str = "
import boto3
boto3.client('cloudformation').delete_stack(StackName='wide')
boto3.client('cloudformation').create_stack(StackName='wide', TemplateBody=open('wide.template').read())
groups = boto3.client('ec2').describe_security_groups()['SecurityGroups']
group = next(group for group in groups if group['Description'] == 'web')
print([rule['FromPort'] for rule in group['IpPermissions']])
";

struct User {
    moto: Moto,
    folder: tempfile::TempDir,
}

impl User {
    fn output(&self, command: &mut Command) -> Output {
        environment(command)
            .current_dir(&self.folder)
            .env("HOME", self.folder.path())
            .env("AWS_ENDPOINT_URL", self.moto.url())
            .output()
            .unwrap()
    }

    fn posture(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_posture"));
        said(self.output(command.env_clear().arg("remediate").args(arguments)))
    }

    fn plan(&self, resource: &str, more: &[&str]) -> (String, Option<i32>) {
        let document = match resource {
            "orders-1" => "ASR-EnableDynamoDBDeletionProtection",
            "logs-1" => "AWSConfigRemediation-EnforceHTTPSOnlyAccessToS3Bucket",
            group if group.starts_with("sg-") => "AWS-DisablePublicAccessForSecurityGroup",
            _ => "AWS-ConfigureS3BucketVersioning",
        };
        let plan = [
            "plan",
            "--document",
            document,
            "--resource",
            resource,
            "--as",
            "anna",
        ];
        self.posture(&[&plan, more].concat())
    }

    fn boto3(&self, script: &str) -> String {
        let output = self.output(self.moto.python().args(["-c", script]));
        printed(output).trim().to_owned()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn git_applies(&self, patch: &str) {
        self.output(Command::new("git").args(["init", "--quiet"]));
        let (said, code) = said(self.output(Command::new("git").args(["apply", patch])));
        assert_eq!(code, Some(0), "{said}");
    }
}

#[test]
fn what_code_manages_gets_a_patch_of_the_code_and_no_run() {
    let Some(moto) = Moto::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let user = User { moto, folder };
    user.write("web.template", TEMPLATE);
    user.boto3(STACK);

    // The template of the stack itself.
    let (said, code) = user.plan("orders-1", &["--patch", "it.patch"]);
    assert_eq!(code, Some(0), "{said}");
    for line in [
        "Managed by cloudformation: change it there.",
        "  Orders (AWS::DynamoDB::Table) of stack web, Properties:",
        "    DeletionProtectionEnabled = true",
        "+++ b/web.template",
        "Next: change the code, and deploy it. A run is refused: the code would put it back.",
    ] {
        assert!(said.lines().any(|found| found == line), "{line}: {said}");
    }
    let id = said.split_whitespace().next().unwrap();
    user.posture(&["approve", id, "--as", "berta"]);
    let (said, code) = user.posture(&["run", id]);
    assert!(said.contains("is managed by cloudformation"), "{said}");
    assert_eq!(code, Some(2));
    let (said, _) = user.posture(&["show", id]);
    assert!(said.contains("of stack web"), "{said}");

    // Nothing of the user's is touched, before git does.
    let read = || std::fs::read_to_string(user.folder.path().join("web.template")).unwrap();
    assert_eq!(read(), TEMPLATE);
    user.git_applies("it.patch");
    assert!(read().contains("orders-1   # as the shop knows it\n"));
    assert_eq!(user.boto3(DEPLOYED), "True");
    let (said, _) = user.plan("orders-1", &[]);
    assert!(said.contains("Nothing to do"), "{said}");

    of_terraform(&user);
}

#[test]
fn a_rule_and_a_policy_that_code_says_get_a_patch_of_the_code() {
    let Some(moto) = Moto::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let user = User { moto, folder };
    user.write("wide.template", WIDE);
    user.boto3(WIDE_STACK);
    let group = user.boto3(WIDE_GROUP);
    let (said, code) = user.plan(&group, &["--patch", "group.patch"]);
    assert_eq!(code, Some(0), "{said}");
    let rule =
        "    no SecurityGroupIngress of IpProtocol tcp, FromPort 22, ToPort 22, CidrIp 0.0.0.0/0";
    assert!(said.lines().any(|line| line == rule), "{said}");
    let (said, code) = user.plan("logs-1", &["--patch", "policy.patch"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("AWS::S3::BucketPolicy of it, a statement: {\"Sid\":\"DenyPlainHttp\""),
        "{said}"
    );
    user.git_applies("group.patch");
    user.git_applies("policy.patch");
    // Bucket policies are none of what moto deploys.
    let text = std::fs::read_to_string(user.folder.path().join("wide.template")).unwrap();
    assert!(text.contains("          - Sid: DenyPlainHttp\n"), "{text}");
    assert_eq!(user.boto3(WIDE_DEPLOYED), "[443]");
    let (said, _) = user.plan(&user.boto3(WIDE_GROUP), &[]);
    assert!(said.contains("Nothing to do"), "{said}");
}

fn of_terraform(user: &User) {
    let (said, _) = user.plan("code-1", &[]);
    assert!(
        said.contains("no patch: --terraform FOLDER names its files")
            && said.contains("aws_s3_bucket_versioning of aws_s3_bucket with bucket code-1:"),
        "{said}"
    );
    std::fs::create_dir(user.folder.path().join("live")).unwrap();
    let main = "resource \"aws_s3_bucket\" \"code\" {\n  bucket = \"code-1\"\n}\n";
    user.write("live/main.tf", main);
    let with = [
        "--terraform",
        "live",
        "--patch",
        "tf.patch",
        "--format",
        "json",
    ];
    let (said, code) = user.plan("code-1", &with);
    assert_eq!(code, Some(0), "{said}");
    let plan: Value = serde_json::from_str(&said).unwrap();
    let patch = std::fs::read_to_string(user.folder.path().join("tf.patch")).unwrap();
    assert_eq!(plan["codePatch"], patch);
    assert_eq!(plan["codeChange"]["tool"], "terraform");
    user.git_applies("tf.patch");
    let found = std::fs::read_to_string(user.folder.path().join("live/main.tf")).unwrap();
    assert!(
        found.contains("bucket = aws_s3_bucket.code.id") && found.starts_with(main),
        "{found}"
    );
    // What isn't there, and what is no Terraform, is said.
    user.write("live/main.tf", "resource {");
    let (said, code) = user.plan("code-1", &["--terraform", "live"]);
    assert!(
        said.contains("no patch: live/main.tf:") && code == Some(0),
        "{said}"
    );
    let (said, code) = user.plan("code-1", &["--terraform", "gone"]);
    assert!(said.contains("gone") && code == Some(2), "{said}");
}
