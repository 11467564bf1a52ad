//! Every request to a vendor is what the vendor's own published types and parsers take. Oracles: the
//! packages of `tests/oracles/vendors`, from npm; `ServiceNow` publishes none. Skips loudly without npm.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test")]

mod support;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use support::{Fake, Office, Request, everything, finding, titled};

const TITLE: &str = "=HYPERLINK(\"x\")<!channel> `</script>` \u{2028} \\u0000 ${x} */";

/// What a request is in `published.ts`; none of those without a body.
fn kind(request: &Request) -> Option<&'static str> {
    let path = request.path.as_str();
    Some(match (request.method.as_str(), path) {
        ("GET", _) => return None,
        (_, "/chat.postMessage") => "SlackMessage",
        (_, "/v2/enqueue") if request.json()["event_action"] == "resolve" => "PagerDutyResolve",
        (_, "/v2/enqueue") => "PagerDutyTrigger",
        ("PATCH", _) => "GitHubUpdate",
        (_, path) if path.starts_with("/services/") => "SlackWebhook",
        (_, path) if path.starts_with("/repos/") && path.ends_with("/comments") => "GitHubComment",
        (_, path) if path.starts_with("/repos/") => "GitHubIssue",
        (_, path) if path.ends_with("/transitions") => "JiraTransition",
        (_, path) if path.ends_with("/comment") => "JiraComment",
        (_, path) if path.starts_with("/rest/") => "JiraIssue",
        (_, path) if path.starts_with("/workflows/") => return None,
        other => panic!("{other:?}"),
    })
}

/// What every target sends of a finding that fails, is worse, and passes; and of a plan that waits.
async fn requests() -> Vec<Request> {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start().await;
    let url = &fake.url;
    let at = |path: &str| json!({"env": format!("URL {url}{path}")});
    let secret = json!({"env": "SECRET"});
    let targets = [
        json!({"name": "a", "type": "slack", "webhook": at("/services/T/B/x")}),
        json!({"name": "b", "type": "slack", "token": secret, "channel": "C1", "api": url}),
        json!({"name": "c", "type": "teams", "webhook": at("/workflows/x")}),
        json!({"name": "d", "type": "pagerduty", "routingKey": secret, "url": format!("{url}/v2/enqueue")}),
        json!({"name": "e", "type": "jira", "url": url, "token": secret, "project": "OPS"}),
        json!({"name": "f", "type": "github", "repository": "o/r", "token": secret, "api": url}),
    ];
    let transitions = json!({"transitions": [
        {"id": "31", "name": "Done", "to": {"statusCategory": {"key": "done"}}},
    ]});
    fake.answers("POST /rest/api/2/issue", 201, json!({"key": "OPS-7"}));
    fake.answers("GET /rest/api/2/issue/OPS-7/transitions", 200, transitions);
    fake.answers("POST /repos/o/r/issues", 201, json!({"number": 12}));
    let office = Office::new(folder.path(), &everything(&targets)).await;
    let plan = json!({
        "planId": "plan-0123456789abcdef",
        "documentName": "AWS-EnableS3BucketEncryption",
        "awsAccountId": "111122223333",
        "resourceId": TITLE,
        "state": "Planned",
    });
    for event in [
        titled("f1", "arn:b", "FAILED", TITLE),
        titled("f1", "arn:b", "WARNING", TITLE),
        finding("f1", "arn:b", "PASSED"),
        ("Posture Remediation State Change", plan),
    ] {
        office.tell(vec![event]).await;
        office.clock.forward(2);
        let round = office.round().await;
        assert_eq!((round.put_off, round.dead), (0, 0));
    }
    fake.taken()
}

/// The folder with the packages, made once.
fn packages() -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracles/vendors");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("vendors");
    std::fs::create_dir_all(&folder).unwrap();
    let copy = |name: &str| std::fs::copy(source.join(name), folder.join(name)).unwrap();
    for name in ["tsconfig.json", "published.ts", "cards.cjs"] {
        copy(name);
    }
    let asked = std::fs::read(source.join("package.json")).unwrap();
    let is_installed =
        std::fs::read(folder.join("installed.json")).is_ok_and(|installed| installed == asked);
    if is_installed {
        return Some(folder);
    }
    copy("package.json");
    let made = Command::new("npm")
        .args([
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
        ])
        .current_dir(&folder)
        .stdout(Stdio::null())
        .status();
    if made.is_ok_and(|status| status.success()) {
        std::fs::write(folder.join("installed.json"), asked).unwrap();
        return Some(folder);
    }
    // Not `eprintln!`, which the test harness hides where the test passes.
    let mut stderr = std::io::stderr();
    writeln!(stderr, "SKIPPED: what vendors publish needs npm").unwrap();
    None
}

fn runs(folder: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new(program);
    let output = command
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    if output.status.success() {
        Ok(())
    } else {
        Err(said)
    }
}

#[tokio::test]
async fn every_request_is_what_its_vendor_publishes() {
    let requests = requests().await;
    let Some(folder) = packages() else { return };
    let mut kinds: Vec<&str> = Vec::new();
    let mut text = "import type * as published from \"./published.js\";\n".to_owned();
    for (place, request) in requests.iter().enumerate() {
        let Some(kind) = kind(request) else { continue };
        kinds.push(kind);
        let body = request.json();
        writeln!(
            text,
            "export const request{place}: published.{kind} = {body};"
        )
        .unwrap();
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds.len(), 10, "{kinds:?}");
    let cards: Vec<Value> = requests
        .iter()
        .filter(|request| request.path == "/workflows/x")
        .map(|request| request.json()["attachments"][0]["content"].clone())
        .collect();
    assert_eq!(cards.len(), 4);

    let checks = |text: &str, cards: &[Value]| {
        std::fs::write(folder.join("requests.ts"), text).unwrap();
        std::fs::write(folder.join("cards.json"), Value::from(cards).to_string()).unwrap();
        let typed = runs(
            &folder,
            "node",
            &["node_modules/typescript/bin/tsc", "-p", "."],
        );
        (typed, runs(&folder, "node", &["cards.cjs"]))
    };
    assert_eq!(checks(&text, &cards), (Ok(()), Ok(())));

    // The oracles can say no.
    let wrong = text.replace("\"plain_text\"", "\"plain\"");
    let mut bad = cards.clone();
    bad[0]["body"][0]["inlines"][0]["size"] = json!("huge");
    let (typed, parsed) = checks(&wrong, &bad);
    assert!(typed.unwrap_err().contains("plain_text"));
    assert!(parsed.unwrap_err().contains("huge"));
}
