//! `posture aws`, as its user runs it, without AWS.
//!
//! Oracle: the AWS API's own names of operations and members.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::process::{Command, Output};

fn posture(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture"))
        .arg("aws")
        .args(arguments)
        .env_clear()
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        .env("AWS_MAX_ATTEMPTS", "1")
        .output()
        .unwrap()
}

#[test]
fn what_cannot_be_asked_is_said_and_not_sent() {
    for (arguments, expected) in [
        (
            &["s4", "ListBuckets"][..],
            "error: there is no service \"s4\"; the nearest is \"s3\"\n",
        ),
        (
            &["s3", "list-bucket"],
            "error: s3 has no operation \"list-bucket\"; the nearest is \"ListBuckets\"\n",
        ),
        (
            &["ec2", "terminate-instances"],
            "error: ec2:TerminateInstances may change resources; only reads are allowed here\n",
        ),
        (
            &[
                "ec2",
                "describe-vpcs",
                "--region",
                "eu-west-1",
                "--params",
                r#"{"Filter": []}"#,
            ],
            "error: input of ec2 DescribeVpcs: Filter: there is no such member; the nearest is \"Filters\"\n",
        ),
        (
            &["ec2", "DescribeVpcs"],
            "error: no endpoint for ec2: no Region is set: name one, or set AWS_REGION\n",
        ),
    ] {
        let run = posture(arguments);
        assert_eq!(String::from_utf8_lossy(&run.stderr), expected);
        assert_eq!(run.status.code(), Some(2));
        assert!(run.stdout.is_empty());
    }
    let run = posture(&["ec2", "DescribeVpcs", "--params", "{"]);
    assert!(
        String::from_utf8_lossy(&run.stderr).starts_with("error: --params is not a JSON object: ")
    );
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn who_does_not_answer_makes_the_run_incomplete() {
    let run = posture(&["ec2", "DescribeVpcs", "--region", "eu-west-1"]);
    let error = String::from_utf8_lossy(&run.stderr);
    assert!(error.starts_with("error: ec2 did not answer: "), "{error}");
    assert_eq!(run.status.code(), Some(3));
}
