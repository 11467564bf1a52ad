//! Oracle: parliament, a linter of IAM policies that knows AWS's actions, resources and conditions,
//! on every policy that Posture prints. Without Python and PyPI the test is skipped, loudly.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is found and stays, by file: the kind of finding, and why.
const EXCEPTIONS: [(&str, &str, &str); 6] = [
    (
        "recorder.json",
        "RESOURCE_STAR",
        "the recorder reads whatever is there; what it may read is bounded by the actions",
    ),
    (
        "recorder.yaml",
        "RESOURCE_STAR",
        "the same policy, in a template",
    ),
    (
        "remediation.json",
        "RESOURCE_STAR",
        "which resource will fail is not known when the role is made; plan and approval bound it",
    ),
    (
        "remediation.json",
        "RESOURCE_EFFECTIVELY_STAR",
        "which role a document passes is a parameter of the plan; iam:PassedToService bounds who gets it",
    ),
    (
        "remediation.json",
        "RESOURCE_POLICY_PRIVILEGE_ESCALATION",
        "a document adds a statement to buckets' policies, which only s3:PutBucketPolicy allows; it is guarded",
    ),
    (
        "sources.json",
        "RESOURCE_EFFECTIVELY_STAR",
        "an aggregator's ARN ends in an id that its name does not tell; what it has is read only",
    ),
];

/// A configuration with a target of each kind that is a service of AWS.
const DELIVERY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/parliament/delivery.posture.yaml"
);

/// Packages: parliament asks setuptools for its own files.
const PACKAGES: [&str; 3] = ["parliament==1.6.4", "setuptools<81", "pyyaml"];

fn printed(name: &str, arguments: &[&str]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parliament-policies");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    let run = Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .env_clear()
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{arguments:?}: {stderr}");
    std::fs::write(&path, run.stdout).unwrap();
    path
}

/// The Python that has parliament.
fn python() -> Option<PathBuf> {
    let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/permissions/setup.sh");
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parliament");
    let made = Command::new(setup).arg(&venv).args(PACKAGES).status();
    if made.is_ok_and(|status| status.success()) {
        return Some(venv.join("bin/python"));
    }
    let mut stderr = std::io::stderr();
    writeln!(
        stderr,
        "SKIPPED: parliament needs python3 with venv, pip and PyPI"
    )
    .unwrap();
    None
}

/// What is found, by the file's name: `(file, kind, detail)`; and how many policies were looked at.
fn found(python: &Path, paths: &[PathBuf]) -> (Vec<(String, String, String)>, usize) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parliament/check.py");
    let run = Command::new(python)
        .arg(script)
        .args(paths)
        .output()
        .unwrap();
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let text = String::from_utf8(run.stdout).unwrap();
    let mut policies = 0;
    let mut findings = Vec::new();
    for line in text.lines() {
        let mut words = line.splitn(3, ' ');
        let [path, kind, detail] = [(); 3].map(|()| words.next().unwrap_or_default().to_owned());
        let file = Path::new(&path)
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        if kind == "holds" {
            policies += detail.parse::<usize>().unwrap();
        } else {
            findings.push((file, kind, detail));
        }
    }
    (findings, policies)
}

#[test]
fn parliament_finds_nothing_but_what_has_its_reason() {
    let template = ["deploy", "recorder", "--all", "--organization", "--format"];
    let template = |format| [&template[..], &[format]].concat();
    let paths = [
        printed(
            "recorder.json",
            &["iam-policy", "recorder", "--all", "--organization"],
        ),
        printed("remediation.json", &["iam-policy", "remediation"]),
        printed(
            "delivery.json",
            &["iam-policy", "delivery", "--config", DELIVERY],
        ),
        printed(
            "sources.json",
            &[
                "iam-policy",
                "sources",
                "--config-bucket=s3://config-bucket-111122223333/central",
                "--config-aggregator",
                "--queue=https://sqs.eu-west-1.amazonaws.com/111122223333/posture",
                "--kms-key=arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            ],
        ),
        printed("recorder.yaml", &template("cloudformation")),
        printed(
            "events.yaml",
            &["deploy", "events", "--format", "cloudformation"],
        ),
    ];
    // The module for terraform lists the same actions; parliament doesn't read its language.
    let module = printed("recorder.tf", &template("terraform"));
    let module = std::fs::read_to_string(module).unwrap();
    let policy = std::fs::read_to_string(&paths[0]).unwrap();
    let quoted = |text: &str| -> BTreeSet<String> {
        let strings = text.split('"').skip(1).step_by(2);
        let is_action = |s: &&str| {
            s.split_once(':').is_some_and(|(service, name)| {
                !service.is_empty()
                    && !name.is_empty()
                    && name.chars().all(char::is_alphanumeric)
                    && name.starts_with(char::is_uppercase)
            })
        };
        strings.filter(is_action).map(str::to_owned).collect()
    };
    let mut actions = quoted(&policy);
    assert!(actions.len() > 150);
    // How the role is taken: an action, and a condition's key that looks like one.
    actions.extend(["sts:AssumeRole", "sts:ExternalId"].map(str::to_owned));
    assert_eq!(quoted(&module), actions);

    delivery_names_what_the_targets_name(&paths[2]);

    let Some(python) = python() else { return };
    let (findings, policies) = found(&python, &paths);
    // The recorder's, twice, in one part or more; the remediation's; the sources'; the trust policy; the queue's.
    assert!(policies >= 7, "{policies}");
    let mut used = BTreeSet::new();
    for (file, kind, detail) in &findings {
        let exception = EXCEPTIONS
            .iter()
            .position(|(of, known, _)| of == file && known == kind);
        assert!(exception.is_some(), "{file}: {kind}: {detail}");
        used.extend(exception);
    }
    assert_eq!(used.len(), EXCEPTIONS.len(), "an exception has no use");

    // It would have told of an action that AWS doesn't have.
    let broken = policy.replace("s3:ListAllMyBuckets", "s3:ListBuckets");
    assert_ne!(broken, policy);
    let path = paths[0].with_file_name("broken.json");
    std::fs::write(&path, broken).unwrap();
    let (findings, _) = found(&python, &[path]);
    assert!(
        findings.iter().any(|(_, kind, _)| kind == "UNKNOWN_ACTION"),
        "{findings:?}"
    );
}

/// Oracle: the service authorization reference's actions and resource types of each call.
fn delivery_names_what_the_targets_name(path: &Path) {
    let policy: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    let lines: Vec<String> = statements
        .iter()
        .map(|one| format!("{} {}", one["Action"].as_str().unwrap(), one["Resource"]))
        .collect();
    let expected = [
        r#"events:PutEvents ["arn:*:events:*:*:event-bus/default"]"#,
        r#"iam:PassRole ["arn:aws:iam::123456789012:role/Automation"]"#,
        r#"lambda:InvokeFunction ["arn:aws:lambda:eu-west-1:123456789012:function:alert"]"#,
        r#"secretsmanager:GetSecretValue ["arn:*:secretsmanager:*:*:secret:slack/token-??????"]"#,
        r#"securityhub:BatchUpdateFindings ["arn:*:securityhub:eu-central-1:*:hub/default"]"#,
        r#"sns:Publish ["arn:aws:sns:eu-west-1:123456789012:alerts"]"#,
        r#"sqs:SendMessage ["arn:*:sqs:eu-west-1:123456789012:alerts.fifo","arn:*:sqs:eu-west-1:123456789012:other"]"#,
        r#"ssm:StartAutomationExecution ["arn:*:ssm:*:*:automation-definition/AWS-PublishSNSNotification:*"]"#,
        r#"states:StartExecution ["arn:aws:states:eu-west-1:123456789012:stateMachine:alert"]"#,
        r#"tag:TagResources ["*"]"#,
    ];
    assert_eq!(lines, expected);
}
