//! What the recorder may do: `iam-policy recorder`, `doctor`, `deploy recorder`.
//!
//! Oracles: botocore's models; moto, which checks every request against the policy; cfn-lint, with
//! AWS's list of actions; terraform. What isn't there is skipped, loudly.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test")]

#[path = "../../aws/tests/moto/mod.rs"]
mod moto;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use moto::Moto;
use posture_aws::{Effect, Service as Model, action_of};
use serde_json::{Value, json};

const PACK: &str = concat!(
    "--pack=",
    env!("CARGO_MANIFEST_DIR"),
    "/tests/live/pack.yaml"
);

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn posture(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture"))
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// What a command prints that makes no call.
fn printed(arguments: &[&str]) -> String {
    let run = posture(arguments, &[]);
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(0), "{stderr}");
    String::from_utf8(run.stdout).unwrap()
}

fn documents(text: &str) -> Vec<Value> {
    let stream = serde_json::Deserializer::from_str(text).into_iter();
    stream.map(Result::unwrap).collect()
}

fn actions(documents: &[Value]) -> Vec<String> {
    let lists = documents
        .iter()
        .map(|document| document["Statement"][0]["Action"].as_array().unwrap());
    lists
        .flatten()
        .map(|action| action.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_policy_is_sorted_small_and_of_actions_that_read() {
    let text = printed(&["iam-policy", "recorder", "--all", "--organization"]);
    assert_eq!(
        printed(&["iam-policy", "recorder", "--all", "--organization"]),
        text
    );
    let documents = documents(&text);
    for document in &documents {
        assert!(document.to_string().len() <= 6144);
    }
    let actions = actions(&documents);
    assert!(actions.is_sorted());
    let distinct: BTreeSet<&String> = actions.iter().collect();
    assert_eq!(distinct.len(), actions.len());
    assert!(actions.contains(&"organizations:ListAccounts".to_owned()));

    // Every operation that needs such an action, of the models that the recorder speaks to.
    let others = [
        "application-autoscaling",
        "ec2",
        "organizations",
        "resourcegroupstaggingapi",
        "sts",
    ];
    let mut models: BTreeSet<&str> = others.into();
    models.extend(posture_recorder::services().map(|s| s.model));
    let mut unknown: BTreeSet<&str> = actions.iter().map(String::as_str).collect();
    for name in models {
        let model = Model::named(name).unwrap();
        for operation in model.operation_names() {
            let operation = model.operation(operation).unwrap();
            let action = action_of(model, operation.name);
            if distinct.contains(&action) {
                // API Gateway's actions are HTTP's methods, and GET changes nothing.
                let is_read = operation.effect(name) == Effect::Read || action == "apigateway:GET";
                assert!(is_read, "{action} allows {}", operation.name);
                unknown.remove(action.as_str());
            }
        }
    }
    assert!(unknown.is_empty(), "no operation needs {unknown:?}");
}

#[test]
fn a_pack_needs_what_its_dry_run_shows_and_what_comes_before() {
    let documents = documents(&printed(&["iam-policy", "recorder", PACK]));
    let allowed: BTreeSet<String> = actions(&documents).into_iter().collect();
    let plan = printed(&["scan", "--aws", "--dry-run", PACK]);
    let mut planned: BTreeSet<String> = plan
        .lines()
        .filter_map(|line| line.rsplit_once('('))
        .map(|(_, action)| action.trim_end_matches(')').to_owned())
        .collect();
    assert!(planned.len() > 10);
    planned.extend(["ec2:DescribeRegions", "sts:GetCallerIdentity"].map(str::to_owned));
    assert_eq!(allowed, planned);
    let first = printed(&["iam-policy", "recorder", PACK, "--part", "1"]);
    assert_eq!(
        first,
        serde_json::to_string_pretty(&documents[0]).unwrap() + "\n"
    );
    let none = posture(&["iam-policy", "recorder", PACK, "--part", "2"], &[]);
    assert_eq!(none.status.code(), Some(2));
}

/// A server that lets its users do what their policies allow.
struct Enforcing {
    moto: Moto,
    /// The file of the actions that were checked.
    checked: PathBuf,
    /// Access keys and secrets.
    keys: Vec<(String, String)>,
}

impl Enforcing {
    /// A seeded server that lets a user do what each of these policies allows.
    fn policies(policies: &[PathBuf]) -> Option<Enforcing> {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        let checked = folder("permissions").join("checked");
        std::fs::write(&checked, "").unwrap();
        let moto = Moto::serving(|server, port| {
            let script = tests.join("permissions/server.py");
            server.arg(script).arg(port).arg(&checked)
        })?;
        moto.seed(&tests.join("live/seed.py"));
        let enforced = moto
            .python()
            .arg(tests.join("permissions/enforce.py"))
            .arg(moto.address())
            .args(policies)
            .output()
            .unwrap();
        assert!(enforced.status.success());
        let lines = String::from_utf8(enforced.stdout).unwrap();
        let pairs = lines.lines().map(|line| line.split_once(' ').unwrap());
        let keys = pairs.map(|(id, key)| (id.into(), key.into())).collect();
        Some(Enforcing {
            moto,
            checked,
            keys,
        })
    }

    fn run(&self, user: usize, arguments: &[&str]) -> (Option<i32>, String) {
        let (id, key) = &self.keys[user];
        let variables = [
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_ACCESS_KEY_ID", id),
            ("AWS_SECRET_ACCESS_KEY", key),
            ("AWS_ENDPOINT_URL", &self.moto.address()),
            ("AWS_REGION", "us-east-1"),
            ("AWS_MAX_ATTEMPTS", "1"),
        ];
        let run = posture(arguments, &variables);
        let text = String::from_utf8(run.stdout).unwrap();
        (run.status.code(), text)
    }

    fn doctor(&self, user: usize, more: &[&str]) -> (Option<i32>, Value) {
        let mut arguments = vec!["doctor", "--region", "us-east-1", "--format", "json"];
        arguments.extend(more);
        let (code, text) = self.run(user, &arguments);
        let report = serde_json::from_str(&text);
        (
            code,
            report.unwrap_or_else(|error| panic!("{error}: {text}")),
        )
    }

    fn checked(&self) -> BTreeSet<String> {
        let text = std::fs::read_to_string(&self.checked).unwrap();
        text.lines().map(str::to_owned).collect()
    }
}

const TAKEN: &str = "s3:GetBucketVersioning";

/// One server for all, since its start and its seed take the most time.
#[test]
fn the_policy_allows_every_call_and_doctor_says_what_is_missing() {
    let pack = documents(&printed(&["iam-policy", "recorder", PACK]));
    let mut less = pack.clone();
    let list = less[0]["Statement"][0]["Action"].as_array_mut().unwrap();
    list.retain(|action| action != TAKEN);
    let all = documents(&printed(&["iam-policy", "recorder", "--all"]));
    let files = [("pack", &pack), ("less", &less), ("all", &all)].map(|(name, documents)| {
        let path = folder("permissions").join(name);
        let texts: Vec<String> = documents.iter().map(Value::to_string).collect();
        std::fs::write(&path, texts.join("\n")).unwrap();
        path
    });
    let Some(moto) = Enforcing::policies(&files) else {
        return;
    };
    the_pack_s_policy_is_exactly_what_is_called(&moto, &pack);
    what_is_missing_is_named_and_so_is_its_policy(&moto);
    everything_is_allowed_by_the_policy_of_everything(&moto);
}

fn the_pack_s_policy_is_exactly_what_is_called(moto: &Enforcing, pack: &[Value]) {
    let (code, report) = moto.doctor(0, &[PACK]);
    assert_eq!(report["gaps"], json!([]));
    assert_eq!(report["policies"], json!([]));
    assert_eq!(code, Some(0));
    assert!(report["complete"].as_u64().unwrap() > 10);
    let allowed: BTreeSet<String> = actions(pack).into_iter().collect();
    assert_eq!(moto.checked(), allowed);
}

/// An item of a type that the pack doesn't need.
const ROLE: &str = r#"{"accountId": "123456789012", "awsRegion": "global", "resourceType": "AWS::IAM::Role",
    "resourceId": "AROA1", "configurationItemStatus": "OK", "configurationItemCaptureTime": "2026-01-01T00:00:00Z",
    "configuration": {}}"#;

fn what_is_missing_is_named_and_so_is_its_policy(moto: &Enforcing) {
    let (code, report) = moto.doctor(1, &[PACK]);
    assert_eq!(code, Some(3));
    assert_eq!(report["schema"], "posture.doctor/v1");
    let gaps = report["gaps"].as_array().unwrap();
    assert_eq!(gaps.len(), 1, "{report}");
    assert_eq!(gaps[0]["accountId"], "123456789012");
    assert_eq!(gaps[0]["awsRegion"], "us-east-1");
    assert_eq!(gaps[0]["resourceType"], "AWS::S3::Bucket");
    assert_eq!(gaps[0]["state"], "denied");
    assert_eq!(gaps[0]["deniedAction"], TAKEN);
    let policies = report["policies"].as_array().unwrap();
    assert_eq!(actions(policies), [TAKEN]);
    assert_eq!(report["unexpectedActions"], json!([]));

    // The same, of what was recorded.
    let state = folder("permissions").join("state");
    if state.exists() {
        std::fs::remove_dir_all(&state).unwrap();
    }
    let state = state.to_str().unwrap();
    let of_state = ["doctor", "--state", state, PACK];
    assert_eq!(moto.run(1, &of_state).0, Some(2), "there is no state");
    let item = folder("permissions").join("role.json");
    std::fs::write(&item, ROLE).unwrap();
    let recorded = moto.run(1, &["record", item.to_str().unwrap(), "--state", state]);
    assert_eq!(recorded.0, Some(0));
    let (code, text) = moto.run(1, &of_state);
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("not-recorded  AWS::S3::Bucket\n"), "{text}");
    let record = [
        "record",
        "--aws",
        "--region=us-east-1",
        "--state",
        state,
        PACK,
    ];
    assert_eq!(moto.run(1, &record).0, Some(3));
    let (code, text) = moto.run(1, &of_state);
    assert_eq!(code, Some(3), "{text}");
    assert!(!text.contains("not-recorded"), "{text}");
    let line = format!(
        "denied       AWS::S3::Bucket supplementaryConfiguration.BucketVersioningConfiguration ({TAKEN})\n"
    );
    assert!(text.contains(&line), "{text}");
    assert!(text.contains(&format!("        \"{TAKEN}\"\n")), "{text}");
}

fn everything_is_allowed_by_the_policy_of_everything(moto: &Enforcing) {
    let (_, report) = moto.doctor(2, &["--all"]);
    let gaps = report["gaps"].as_array().unwrap();
    // moto has not every operation: those are gaps, and no denials.
    let denied: Vec<&Value> = gaps
        .iter()
        .filter(|g| !g["deniedAction"].is_null())
        .collect();
    assert!(denied.is_empty(), "{denied:#?}");
    assert!(moto.checked().len() > 60);
}

/// The ways in which templates are asked for.
const WAYS: [&[&str]; 3] = [
    &["--all", "--organization"],
    &[PACK],
    &["--trusted-account=123456789012", "--external-id=abc/1"],
];

fn templates(format: &str, ending: &str) -> Vec<PathBuf> {
    let ways = WAYS.iter().enumerate();
    ways.map(|(number, way)| {
        let path = folder("permissions").join(format!("recorder-{number}.{ending}"));
        let output = format!("--output={}", path.display());
        let mut arguments = vec!["deploy", "recorder", "--format", format, &output];
        arguments.extend(*way);
        assert_eq!(printed(&arguments), "");
        path
    })
    .chain(std::iter::once(events(format, ending)))
    .collect()
}

/// The queue's template.
fn events(format: &str, ending: &str) -> PathBuf {
    let path = folder("permissions").join(format!("events.{ending}"));
    let output = format!("--output={}", path.display());
    let arguments = ["deploy", "events", "--format", format, &output];
    assert_eq!(printed(&arguments), "");
    path
}

#[test]
fn cfn_lint_finds_nothing_in_the_template() {
    let mut paths = templates("cloudformation", "yaml");
    let asked = std::fs::read_to_string(&paths[2]).unwrap();
    assert!(asked.contains("    Default: \"123456789012\"\n"));
    assert!(asked.contains("    Default: \"abc/1\"\n"));
    let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/permissions/setup.sh");
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cfn-lint");
    let is_made = Command::new(setup).arg(&venv).status();
    if !is_made.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: cfn-lint needs python3 with venv, pip and PyPI");
        return;
    }
    let lint = |paths: &[PathBuf]| {
        Command::new(venv.join("bin/python"))
            .args(["-c", "from cfnlint.runner import main; main()"])
            .args(["--include-checks", "I", "--"])
            .args(paths)
            .output()
            .unwrap()
    };
    let linted = lint(&paths);
    let found = String::from_utf8_lossy(&linted.stdout);
    let error = String::from_utf8_lossy(&linted.stderr);
    assert!(linted.status.success(), "{found}{error}");
    // It would have told of an action that AWS doesn't have.
    let broken = asked.replace("s3:ListAllMyBuckets", "s3:ListBuckets");
    assert_ne!(broken, asked);
    paths.truncate(1);
    std::fs::write(&paths[0], broken).unwrap();
    let linted = lint(&paths);
    let found = String::from_utf8_lossy(&linted.stdout);
    assert!(
        found.contains("listbuckets") || found.contains("ListBuckets"),
        "{found}"
    );
}

#[test]
fn terraform_would_format_the_module_so() {
    for path in templates("terraform", "tf") {
        let run = Command::new("terraform")
            .args(["fmt", "-check", "-diff"])
            .arg(&path)
            .output();
        let Ok(run) = run else {
            eprintln!("SKIPPED: there is no terraform");
            return;
        };
        let (diff, error) = (run.stdout, run.stderr);
        let said = [diff, error].concat();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&said));
    }
}

#[test]
fn what_could_break_a_template_is_refused() {
    for argument in [
        "--external-id=a\"b",
        "--external-id=a",
        "--trusted-account=12",
    ] {
        for format in ["cloudformation", "terraform"] {
            let run = posture(&["deploy", "recorder", "--format", format, argument], &[]);
            assert_eq!(run.status.code(), Some(2), "{argument}");
            assert!(run.stdout.is_empty());
        }
    }
}
