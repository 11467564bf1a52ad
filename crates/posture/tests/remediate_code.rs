//! `posture remediate plan` of what code manages, as its user runs it. Oracles: `git apply`; moto, which deploys the
//! patched template, and what boto3 sees there.

#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "../../aws/tests/moto/mod.rs"]
mod moto;

use std::process::Command;

use moto::Moto;
use serde_json::Value;

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

struct User {
    moto: Moto,
    folder: tempfile::TempDir,
}

impl User {
    fn command(&self, command: &mut Command) -> (String, Option<i32>) {
        let output = command
            .current_dir(&self.folder)
            .env("HOME", self.folder.path())
            .env("AWS_ENDPOINT_URL", self.moto.url())
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_DEFAULT_REGION", "eu-west-1")
            .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .output()
            .unwrap();
        let mut text = String::from_utf8(output.stdout).unwrap();
        text.push_str(&String::from_utf8(output.stderr).unwrap());
        (text, output.status.code())
    }

    fn posture(&self, arguments: &[&str]) -> (String, Option<i32>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_posture"));
        self.command(command.env_clear().arg("remediate").args(arguments))
    }

    fn plan(&self, resource: &str, more: &[&str]) -> (String, Option<i32>) {
        let document = match resource {
            "orders-1" => "ASR-EnableDynamoDBDeletionProtection",
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
        let (said, code) = self.command(self.moto.python().args(["-c", script]));
        assert_eq!(code, Some(0), "{said}");
        said.trim().to_owned()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn git_applies(&self, patch: &str) {
        self.command(Command::new("git").args(["init", "--quiet"]));
        let (said, code) = self.command(Command::new("git").args(["apply", patch]));
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
