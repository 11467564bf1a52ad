//! `posture.yaml` that is nearly right: an exit code and one clear error, never a panic or no end.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod command;
#[path = "../../engine/tests/mutator/mod.rs"]
mod mutator;
#[path = "../../engine/tests/watchdog/mod.rs"]
mod watchdog;

use std::path::Path;

use command::posture;
use mutator::Random;

const SEEDS: [&str; 3] = [
    "packs: [hipaa-security]\nrules:\n  - rule: access-keys-rotated\n    parameters: {maxAccessKeyAge: '30'}\n    types: ['AWS::IAM::User']\n    tagKey: env\n    tagValue: prod\nmanagedBy:\n  exclude: [aws, terraform]\n",
    "exceptions:\n  - name: legacy\n    effect: accept-risk\n    owner: team\n    reason: moves in May\n    ticket: OPS-1\n    approver: ciso\n    expires: 2027-05-31\n    selector:\n      accounts: ['1*']\n      rules: ['s3-*']\n      resources: ['{a,b}', '[a-z]*']\n      tags:\n        all:\n          - any: [{key: a, value: b}, {key: c}]\n          - not: {key: d}\n",
    "# nothing\n",
];

#[test]
fn a_configuration_is_used_or_refused_with_its_place() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let config = folder.join("fuzz-posture.yaml");
    let items = folder.join("fuzz-config-items.json");
    std::fs::write(
        &items,
        r#"{"accountId":"111122223333","awsRegion":"us-east-1","resourceType":"AWS::S3::Bucket","resourceId":"b","configurationItemStatus":"OK","configuration":{}}"#,
    )
    .unwrap();
    let seeds = SEEDS.map(|seed| seed.as_bytes().to_vec());
    watchdog::repeat(120, move |number| {
        let mut random = Random::new(number);
        let bytes = mutator::bytes(&mut random, &seeds);
        std::fs::write(&config, &bytes).unwrap();
        let run = posture(&[
            "scan",
            items.to_str().unwrap(),
            "--config",
            config.to_str().unwrap(),
            "--rule",
            "access-keys-rotated",
            "--format",
            "jsonl",
        ]);
        let stderr = String::from_utf8(run.stderr).unwrap();
        let code = run.status.code();
        assert!(matches!(code, Some(0..=3)), "{code:?}: {stderr}");
        assert!(!stderr.contains("panicked"), "{stderr}");
        if code == Some(2) {
            assert!(stderr.starts_with("error: "), "{stderr}");
            // Every line is an error of ours, not an excerpt of the file.
            let is_ours = |line: &str| line.starts_with("error: ");
            assert!(stderr.lines().all(is_ours), "{stderr}");
            assert!(!stderr.contains('\u{1b}'), "{stderr}");
        }
    });
}
