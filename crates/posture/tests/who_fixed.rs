//! Who fixed what an assessment found to fail. Oracle: moto, on which boto3 opened the port and Posture closed it, with
//! somebody's approval.

#![expect(clippy::unwrap_used, reason = "a test")]

mod assessed;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "command/shell.rs"]
mod shell;

use std::process::Command;

use moto::Moto;
use serde_json::Value;

const OPEN: &str = "
import boto3
ec2 = boto3.client('ec2')
vpc = ec2.create_vpc(CidrBlock='10.0.0.0/16')['Vpc']['VpcId']
group = ec2.create_security_group(GroupName='g', Description='d', VpcId=vpc)['GroupId']
ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
    {'IpProtocol': 'tcp', 'FromPort': 22, 'ToPort': 22, 'IpRanges': [{'CidrIp': '0.0.0.0/0'}]}])
print(group)
";

#[test]
fn an_assessment_names_the_plan_and_the_approver_that_ended_a_failure() {
    let Some(moto) = Moto::start() else { return };
    let mut python = moto.python();
    python.env("AWS_ENDPOINT_URL", moto.url());
    let opened = shell::environment(&mut python).args(["-c", OPEN]).output();
    let group = shell::printed(opened.unwrap());
    let group = group.trim();
    let folder = tempfile::tempdir().unwrap();
    let config = "rules: [{rule: restricted-ssh}]\n";
    std::fs::write(folder.path().join("posture.yaml"), config).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_posture"));
        let output = shell::environment(command.env_clear())
            .env("AWS_ENDPOINT_URL", moto.url())
            .args(arguments)
            .args((arguments[0] != "keys").then_some("--state=state"))
            .current_dir(&folder)
            .env("HOME", folder.path())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() < Some(2), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["keys", "new", "evidence.example/log", "--file", "state.key"]);
    let watch = ["watch", "--once", "--region", "eu-west-1"];
    run(&watch);
    let found: Value =
        serde_json::from_str(&run(&["findings", "list", "--format", "json"])).unwrap();
    let findings = found["findings"].as_array().unwrap();
    let of_group = findings.iter().find(|one| one.to_string().contains(group));
    let number = of_group.unwrap()["number"].to_string();
    let said = run(&["remediate", "plan", "--finding", &number, "--as", "anna"]);
    let plan = said.split_whitespace().next().unwrap();
    run(&["remediate", "approve", plan, "--as", "berta"]);
    run(&["remediate", "run", plan]);
    run(&watch);

    let today = assessed::today();
    let month = today.get(..7).unwrap();
    let new = [
        "assess",
        "new",
        "now",
        "--framework",
        "soc2",
        "--period",
        month,
        "--owner",
        "Ann",
        "--by",
        "Ann",
    ];
    run(&new);
    let show = ["assess", "show", "now", "--control", "CC6.6"];
    let shown: Value =
        serde_json::from_str(&run(&[&show[..], &["--format", "json"]].concat())).unwrap();
    let failures = shown["failures"].as_array().unwrap();
    let failure = failures.iter().find(|one| one["resourceId"] == group);
    let failure = failure.unwrap();
    assert_eq!(failure["then"], "pass", "{failure}");
    let fix = format!(
        "plan {plan} (AWS-DisablePublicAccessForSecurityGroup), approved by berta: Succeeded"
    );
    assert_eq!(failure["remediations"], serde_json::json!([fix]));
    let table = run(&show);
    assert!(table.contains(&format!("    fixed by {fix}\n")), "{table}");
}
