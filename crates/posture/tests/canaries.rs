//! Secrets wherever people put them, and then everything that was written is searched for them.
//!
//! Oracle: grep. The places are those of `posture_model::canonical::redaction` and, on moto, the
//! API calls by which such secrets come into an account. Without Python and PyPI the part with moto
//! is skipped, loudly.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test")]

#[path = "command/aws.rs"]
mod aws;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "live/proxy.rs"]
mod proxy;

use std::path::{Path, PathBuf};
use std::process::Output;

use moto::Moto;
use posture_model::canonical::redaction::{NAMES, PLACES};
use proxy::{Fault, Proxy};
use serde_json::{Value, json};

/// What the seeds and the files put wherever a secret may stand.
const CANARY: &str = "canary-7f3a";

/// What stands beside the secrets, and is found: the search works.
const VISIBLE: &str = "visible-7f3a";

const FORMATS: [&str; 8] = [
    "table", "json", "jsonl", "csv", "junit", "sarif", "html", "markdown",
];

/// A folder of its own for a test, empty.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if path.exists() {
        std::fs::remove_dir_all(&path).unwrap();
    }
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// Runs the program and searches what it says.
fn posture(url: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let run = aws::posture(url)
        .args(arguments)
        .env("AWS_SECRET_ACCESS_KEY", CANARY)
        .env("AWS_SESSION_TOKEN", CANARY)
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_MAX_ATTEMPTS", "1")
        .env("RUST_BACKTRACE", "1")
        .env("RUST_LOG", "trace")
        .output()
        .unwrap();
    let Output { stdout, stderr, .. } = run;
    let said = String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned();
    silent(&format!("{arguments:?}"), &said);
    (run.status.code(), said)
}

/// The canary as it is, and what Base64 makes of it at each of three offsets.
fn silent(place: &str, text: &str) {
    for canary in [CANARY, "Y2FuYXJ5LTdmM2", "NhbmFyeS03ZjNh", "jYW5hcnktN2YzY"] {
        let Some((before, _)) = text.split_once(canary) else {
            continue;
        };
        let tail: Vec<char> = before.chars().rev().take(300).collect();
        let tail: String = tail.into_iter().rev().collect();
        panic!("{place} has a secret after: {tail}");
    }
}

/// Every file below, byte for byte, and what evidence's compressed bodies hold; how many those are.
fn silent_below(folder: &Path) -> usize {
    let mut bodies = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bodies += silent_below(&path);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            let place = path.display().to_string();
            silent(&place, &String::from_utf8_lossy(&bytes));
            if let Ok(plain) = zstd::decode_all(&*bytes) {
                silent(&place, &String::from_utf8_lossy(&plain));
                bodies += usize::from(!plain.is_empty());
            }
        }
    }
    bodies
}

/// What a state holds, by every way that shows it. Items are compressed at rest.
fn silent_state(state: &str, resources: &[&str]) {
    silent_below(Path::new(state));
    let inventory = ["inventory", "--state", state];
    let mut shown = String::new();
    for more in [
        &["--format", "json"][..],
        &["--format", "csv"],
        &["--count-by", "path:configuration", "--format", "json"],
        &[
            "--count-by",
            "path:supplementaryConfiguration",
            "--format",
            "json",
        ],
        &["--count-by", "tag:Name"],
    ] {
        let (code, said) = posture("", &[&inventory[..], more].concat());
        assert_eq!(code, Some(0), "{said}");
        shown += &said;
    }
    assert!(shown.contains(VISIBLE));
    assert!(shown.contains("***"));
    for resource in resources {
        for format in ["table", "json"] {
            let arguments = ["timeline", resource, "--state", state, "--format", format];
            let (code, said) = posture("", &arguments);
            assert_eq!(code, Some(0), "{resource}: {said}");
        }
    }
    for format in FORMATS {
        let arguments = ["scan", "--state", state, "--format", format];
        let (code, said) = posture("", &arguments);
        assert!(matches!(code, Some(0 | 1 | 3)), "{said}");
        assert!(said.len() > 100, "{said}");
    }
    posture("", &["doctor", "--state", state]);
    silent_below(Path::new(state));
}

/// A value with the canary at this place: `configuration.list[*].*.name`.
fn planted(path: &str) -> Value {
    let Some((first, rest)) = path.split_once('.') else {
        return member(path, &json!(CANARY));
    };
    member(first, &planted(rest))
}

fn member(word: &str, value: &Value) -> Value {
    match word.strip_suffix("[*]") {
        Some(name) => json!({ name: [value] }),
        None if word == "*" => json!({ "KEY": value }),
        None => json!({ word: value }),
    }
}

fn item(number: usize, resource_type: &str, places: Value) -> Value {
    let mut item = json!({
        "accountId": "123456789012",
        "awsRegion": "eu-west-1",
        "resourceType": resource_type,
        "resourceId": format!("resource-{number}"),
        "configurationItemStatus": "OK",
        "configurationItemCaptureTime": "2026-01-01T00:00:00Z",
        "tags": {"Name": VISIBLE},
        "configuration": {},
        "supplementaryConfiguration": {},
    });
    let Value::Object(places) = places else {
        return item;
    };
    for (name, value) in places {
        item[name] = value;
    }
    item
}

fn today() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the command reads the wall clock too"
    )]
    let now = jiff::Timestamp::now();
    now.strftime("%Y-%m-%d").to_string()
}

fn items() -> Vec<Value> {
    let mut items = Vec::new();
    for places in PLACES {
        for path in places.paths {
            items.push(item(items.len(), places.resource_type, planted(path)));
        }
    }
    for name in NAMES {
        let places = json!({ "configuration": { *name: CANARY, "inner": [{ *name: CANARY }] } });
        items.push(item(items.len(), "AWS::RDS::DBInstance", places));
    }
    items
}

#[test]
fn no_secret_of_a_delivered_item_is_written() {
    let folder = folder("canaries-files");
    let file = folder.join("items.jsonl");
    let items: Vec<String> = items().iter().map(Value::to_string).collect();
    assert!(items.len() > 50);
    assert!(items.iter().all(|item| item.contains(CANARY)));
    std::fs::write(&file, items.join("\n")).unwrap();
    let file = file.to_str().unwrap();
    for format in FORMATS {
        let (code, said) = posture("", &["scan", file, "--format", format]);
        assert!(matches!(code, Some(0 | 1 | 3)), "{said}");
    }
    let state = folder.join("state");
    let state = state.to_str().unwrap();
    let (code, said) = posture("", &["record", file, "--state", state]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(&format!("{} items", items.len())), "{said}");
    let key = format!("{state}.key");
    let (code, said) = posture("", &["keys", "new", "evidence.example/log", "--file", &key]);
    assert_eq!(code, Some(0), "{said}");
    silent_state(state, &["resource-0", "resource-20"]);

    // The evidence that the scans left, and a package of it.
    std::fs::remove_file(file).unwrap();
    let package = folder.join("package.zip");
    let package = package.to_str().unwrap();
    let day = today();
    for arguments in [
        &[
            "new",
            "day",
            "--framework",
            "soc2",
            "--period",
            &day,
            "--owner",
            "Ann",
            "--by",
            "Ann",
        ][..],
        &["status", "day", "--format", "json"],
        &["export", "day", "--output", package],
    ] {
        let (code, said) = posture("", &[&["assess"], arguments, &["--state", state]].concat());
        assert_eq!(code, Some(0), "{said}");
    }
    assert!(silent_below(&folder) > 0);
}

#[test]
fn no_secret_of_a_broken_file_is_told() {
    let folder = folder("canaries-broken");
    let lambda = |environment: Value| {
        let places = json!({ "configuration": { "environment": environment } });
        item(0, "AWS::Lambda::Function", places).to_string()
    };
    let whole = lambda(json!({ "variables": { "KEY": CANARY } }));
    let at = whole.find(CANARY).unwrap() + CANARY.len();
    for (name, text) in [
        ("cut.json", whole.get(..at).unwrap().to_owned()),
        ("tail.json", format!("{whole}{CANARY}")),
        ("bare.json", whole.replace(&format!("\"{CANARY}\""), CANARY)),
        ("number.json", whole.replace("\"OK\"", "7")),
        ("text.json", lambda(json!({ "variables": CANARY }))),
        ("list.json", lambda(json!({ "variables": [CANARY] }))),
        (
            "deep.json",
            lambda(json!({ "variables": { "KEY": { "inner": [CANARY] } } })),
        ),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        let path = path.to_str().unwrap();
        let state = folder.join(format!("{name}-state"));
        let state = state.to_str().unwrap();
        posture("", &["scan", path, "--format", "json"]);
        posture("", &["record", path, "--state", state]);
        if Path::new(state).exists() {
            silent_below(Path::new(state));
            let shown = [
                "inventory",
                "--state",
                state,
                "--count-by",
                "path:configuration",
            ];
            posture("", &shown);
        }
    }
}

#[test]
fn no_secret_of_an_account_is_written() {
    let Some(moto) = Moto::start() else { return };
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let estates = tests.join("../../recorder/tests/estate");
    moto.seed(&estates.join("infrastructure.py"));
    moto.seed(&estates.join("applications.py"));
    moto.seed(&tests.join("canaries/seed.py"));
    let folder = folder("canaries-moto");
    let state = folder.join("state");
    let state = state.to_str().unwrap();
    let record = [
        "record",
        "--aws",
        "--all",
        "--region",
        "eu-west-1",
        "--state",
        state,
    ];
    let record = [&record[..], &["--log-format", "json"]].concat();
    let (code, said) = posture(&moto.address(), &record);
    assert!(matches!(code, Some(0 | 3)), "{said}");
    let scan = [
        "scan",
        "--aws",
        "--region",
        "eu-west-1",
        "--state",
        state,
        "--format",
        "json",
    ];
    let (code, said) = posture(&moto.address(), &scan);
    assert!(matches!(code, Some(1 | 3)), "{said}");
    assert!(said.contains("\"AWS::Lambda::Function\""));
    silent_state(state, &["open", "build", "stack", "payments"]);

    // Replies that aren't what they should be.
    for body in [
        r#"{"Functions":[{"FunctionName":"x","Environment":{"Variables":{"A":"canary-7f3a"#,
        r#"{"Functions":[{"FunctionName":7,"Environment":"canary-7f3a"}]}"#,
    ] {
        let fault = Fault {
            matches: |head| head.starts_with("GET /2015-03-31/functions"),
            status: 200,
            body,
        };
        let proxy = Proxy::before(&moto.address(), fault);
        let pack = tests.join("canaries/pack.yaml");
        let only = ["--pack", pack.to_str().unwrap()];
        let (code, said) = posture(&proxy.url, &[&scan[..], &only].concat());
        assert!(matches!(code, Some(1 | 3)), "{said}");
        assert!(said.contains("not read: AWS::Lambda::Function"), "{said}");
    }
    silent_state(state, &["open"]);
}
