//! API calls as evidence: `posture assess collect`, and `posture watch`, which does it by itself.
//!
//! Oracles: moto, as boto3 seeded it, counted here; a proxy before it answers some calls as AWS's
//! documentation says that they are refused; `posture-verify`. Without Python and PyPI the tests are
//! skipped, loudly.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test")]

mod assessed;
#[path = "../../aws/tests/moto/mod.rs"]
mod moto;
#[path = "live/proxy.rs"]
mod proxy;

use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};

use assessed::{Scene, of, today};
use moto::Moto;
use proxy::{Fault, Proxy};
use serde_json::{Value, json};

const SEED: &str = r#"
import boto3, json, sys
def client(name):
    return boto3.client(name, endpoint_url=sys.argv[1], region_name="us-east-1",
                        aws_access_key_id="x", aws_secret_access_key="x")
iam = client("iam")
for name in range(250):
    iam.create_user(UserName=f"user-{name}")
kms = client("kms")
for key in range(3):
    kms.create_key()
logs = client("logs")
for name in range(120):
    logs.create_log_group(logGroupName=f"group-{name}")
client("sns").create_topic(Name="alarms")
template = {"Parameters": {"P": {"Type": "String"}}, "Resources": {"T": {"Type": "AWS::SNS::Topic"}}}
client("cloudformation").create_stack(StackName="shop", TemplateBody=json.dumps(template),
    Parameters=[{"ParameterKey": "P", "ParameterValue": "c4n4ry"}])
"#;

/// What IAM answers to whoever may not list users.
const DENIED: Fault = Fault {
    matches: |request| request.contains("Action=ListUsers"),
    status: 403,
    body: "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: \
arn:aws:iam::123456789012:user/x is not authorized to perform: iam:ListUsers on resource: *\
</Message></Error><RequestId>0a1b2c3d-0000-0000-0000-000000000000</RequestId></ErrorResponse>",
};

/// Requests for the rotation of a key.
static ASKED: AtomicUsize = AtomicUsize::new(0);

/// The same of the first key's rotation.
const PARTLY: Fault = Fault {
    matches: |request| {
        request.contains("TrentService.GetKeyRotationStatus")
            && ASKED.fetch_add(1, Ordering::SeqCst) == 0
    },
    status: 400,
    body: r#"{"__type": "AccessDeniedException", "Message": "User: x is not authorized to perform: kms:GetKeyRotationStatus"}"#,
};

fn collected(scene: &Scene, url: &str, more: &[&str]) -> (Option<i32>, Value) {
    let collect = ["assess", "collect", "day", "--format", "json"];
    let run = scene
        .before(url, &[&collect[..], more].concat())
        .output()
        .unwrap();
    (run.status.code(), document(&run))
}

fn document(run: &Output) -> Value {
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    let read = serde_json::from_slice(&run.stdout);
    read.unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// Members of the retrieval of a call.
fn retrieval(document: &Value, call: &str, members: [&str; 3]) -> Value {
    let one = of(&document["retrievals"], "call", call)[0];
    Value::from(members.map(|name| one[name].clone()).to_vec())
}

/// What the results in OSCAL say of a call that was denied, and of one that answered.
fn observed(scene: &Scene) {
    let export = ["assess", "export", "day", "--format", "oscal-ar"];
    let results: Value = serde_json::from_str(&scene.done(&export)).unwrap();
    let results = &results["assessment-results"];
    let observations = &results["results"][0]["observations"];
    let last = |call: &str| {
        let is_of = |one: &&Value| !of(&one["props"], "value", call).is_empty();
        let mut all = observations.as_array().unwrap().iter().filter(is_of);
        let one = all.next().unwrap().clone();
        let outcome = of(&one["props"], "name", "last-outcome")[0]["value"].clone();
        (one, outcome.as_str().unwrap().to_owned())
    };
    let (denied, outcome) = last("iam_ListUsers");
    assert!(outcome.ends_with(" denied iam:ListUsers"), "{outcome}");
    assert_eq!(
        of(&denied["props"], "name", "turns-answered")[0]["value"],
        "0"
    );
    let (answered, outcome) = last("kms_ListKeys");
    assert!(outcome.ends_with(" us-east-1 complete"), "{outcome}");
    // Each link leads to a body of the log, by its hash.
    let leaves = scene.leaves();
    let links = answered["relevant-evidence"].as_array().unwrap();
    assert_eq!(links.len(), 3);
    for link in &links[1..] {
        let uuid = link["href"].as_str().unwrap().trim_start_matches('#');
        let resource = of(&results["back-matter"]["resources"], "uuid", uuid)[0];
        let sha256 = &of(&resource["props"], "name", "sha-256")[0]["value"];
        let has = |leaf: &Value| leaf["body"]["sha256"] == *sha256;
        assert!(leaves.iter().any(has), "{resource}");
    }
}

#[test]
fn what_aws_answers_is_kept_and_what_is_denied_is_no_pass() {
    let Some(moto) = Moto::start() else { return };
    moto.run(SEED, &[]);
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    scene.assess("day", "soc2", &today(), &["--region", "us-east-1"]);
    let names = [
        "iam_ListUsers",
        "kms_GetKeyRotationStatus",
        "kms_ListKeys",
        "logs_DescribeLogGroups",
        "sns_ListSubscriptions",
    ];
    let only: Vec<&str> = names.iter().flat_map(|name| ["--call", name]).collect();
    let denying = Proxy::with(&moto.address(), &[DENIED, PARTLY]);
    let (code, first) = collected(&scene, &denying.url, &only);
    assert_eq!(code, Some(3));
    let outcome = ["outcome", "deniedAction", "rows"];
    assert_eq!(
        retrieval(&first, "iam_ListUsers", outcome),
        json!(["denied", "iam:ListUsers", 0])
    );
    let partly = json!(["partial", "kms:GetKeyRotationStatus", 2]);
    assert_eq!(
        retrieval(&first, "kms_GetKeyRotationStatus", outcome),
        partly
    );
    let counts = ["calls", "pages", "rows"];
    assert_eq!(
        retrieval(&first, "logs_DescribeLogGroups", counts),
        json!([1, 3, 120])
    );
    // None is a result.
    assert_eq!(
        retrieval(&first, "sns_ListSubscriptions", outcome),
        json!(["complete", null, 0])
    );
    let shown = scene.json(0, &["assess", "show", "day", "--control", "CC6.1"]);
    assert_eq!(
        of(&shown["apiCalls"], "call", "iam_ListUsers")[0]["answered"],
        0
    );
    let list = scene.json(0, &["assess", "requests", "day"]);
    let request = of(&list["requests"], "id", "iam-users")[0];
    let source = of(&request["sources"], "name", "iam_ListUsers")[0];
    assert_eq!(source["state"], "missing");
    assert!(source["what"].as_str().unwrap().contains("iam:ListUsers"));

    observed(&scene);

    // In the same turn what failed is asked again, and what was denied only where that is wished.
    let (code, again) = collected(&scene, &moto.address(), &only);
    assert_eq!(
        (code, again["retrievals"].as_array().unwrap().len()),
        (Some(0), 1)
    );
    assert_eq!(
        retrieval(&again, "kms_GetKeyRotationStatus", counts),
        json!([3, 3, 3])
    );
    let (code, again) = collected(&scene, &moto.address(), &[&only[..], &["--again"]].concat());
    assert_eq!(
        (code, again["retrievals"].as_array().unwrap().len()),
        (Some(0), 1)
    );
    assert_eq!(
        retrieval(&again, "iam_ListUsers", counts),
        json!([1, 1, 250])
    );
    let shown = scene.json(0, &["assess", "show", "day", "--control", "CC6.1"]);
    let history = of(&shown["apiCalls"], "call", "iam_ListUsers")[0];
    assert_eq!(
        (&history["turns"], &history["answered"]),
        (&1.into(), &1.into())
    );
    assert!(shown["folders"][0]["apiCalls"].as_u64().unwrap() > 0);
    assert_eq!(shown["folders"][0]["apiCallIssues"], 1);
    recorded(&scene, &shown);
    secrets_are_nowhere(&scene, &moto.address());
}

/// A stack's parameter is redacted in what is kept, and its name is not.
fn secrets_are_nowhere(scene: &Scene, url: &str) {
    let (code, _) = collected(scene, url, &["--call", "cloudformation_DescribeStacks"]);
    assert_eq!(code, Some(0));
    let mut texts = vec![std::fs::read(scene.folder.join("state/state.db")).unwrap()];
    for folder in std::fs::read_dir(scene.folder.join("state/log/blobs")).unwrap() {
        for blob in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let blob = std::fs::read(blob.unwrap().path()).unwrap();
            texts.push(zstd::stream::decode_all(blob.as_slice()).unwrap());
        }
    }
    let has = |word: &str| {
        let of_text = |text: &Vec<u8>| String::from_utf8_lossy(text).contains(word);
        texts.iter().any(of_text)
    };
    assert!(has("\"StackName\":\"shop\"") && has("\"ParameterValue\":\"***\""));
    assert!(!has("c4n4ry"));
}

/// The log has who asked what, and the raw reply under its hash; its leaves name nobody.
fn recorded(scene: &Scene, shown: &Value) {
    let history = of(&shown["apiCalls"], "call", "iam_ListUsers")[0];
    let newest = history["retrievals"].as_array().unwrap().last().unwrap();
    let body = |name: &str| -> Value {
        let hash = newest[name].as_str().unwrap();
        let first = hash.split_at(2).0;
        let blob = format!("state/log/blobs/{first}/{hash}.zst");
        let blob = std::fs::read(scene.folder.join(blob)).unwrap();
        serde_json::from_slice(&zstd::stream::decode_all(blob.as_slice()).unwrap()).unwrap()
    };
    let document = body("document");
    assert!(document["caller"].as_str().unwrap().starts_with("arn:aws:"));
    assert_eq!(document["awsRegion"], "global");
    let call = &document["calls"][0];
    assert_eq!((&call["pages"], &call["rows"]), (&json!(1), &json!(250)));
    assert_eq!(call["requestIds"].as_array().unwrap().len(), 1);
    let reply = body("reply");
    assert_eq!(reply[0]["pages"][0]["Users"].as_array().unwrap().len(), 250);
    let leaves = Value::from(scene.leaves());
    let leaves = leaves.as_array().unwrap();
    let record = &leaves[usize::try_from(newest["logRecord"].as_i64().unwrap()).unwrap()];
    assert_eq!(record["detail"]["operation"], "iam_ListUsers");
    assert_eq!(record["detail"]["outcome"], "complete");
    assert!(record["times"]["collected"].is_string() && record["times"]["observed"].is_string());
    let caller = document["caller"].as_str().unwrap();
    assert!(!Value::from(leaves.clone()).to_string().contains(caller));
    let find = [
        "evidence",
        "find",
        "--kind",
        "api-calls",
        "--framework",
        "soc2",
        "--control",
        "CC6.1",
    ];
    let found = scene.json(0, &find);
    assert_eq!(found["records"].as_array().unwrap().len(), 2);
    let package = scene.export("day", "a.zip");
    let text = String::from_utf8_lossy(&package);
    assert!(text.contains("api-calls.csv") && text.contains("iam_ListUsers"));
}

#[test]
fn watch_asks_once_a_turn_and_a_past_period_gets_nothing() {
    let Some(moto) = Moto::start() else { return };
    moto.run(SEED, &[]);
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    let region = ["--region", "us-east-1"];
    scene.assess("past", "soc2", "2020-Q1", &region);
    let find = [
        "evidence",
        "find",
        "--kind",
        "api-calls",
        "--format",
        "json",
    ];
    let records = |scene: &Scene| {
        let found: Value = serde_json::from_str(&scene.done(&find)).unwrap();
        found["records"].as_array().unwrap().clone()
    };
    let pack = concat!(
        "--pack=",
        env!("CARGO_MANIFEST_DIR"),
        "/tests/watch/pack.yaml"
    );
    let watch = |scene: &Scene| {
        let watch = ["watch", "--once", pack, "--region", "us-east-1"];
        scene.before(&moto.address(), &watch).output().unwrap()
    };
    watch(&scene);
    assert!(records(&scene).is_empty(), "no assessment is open");

    scene.assess("day", "soc2", &today(), &region);
    watch(&scene);
    let first = records(&scene);
    assert!(first.len() > 30, "{}", first.len());
    let answered = |one: &&Value| one["outcome"] == "complete";
    assert!(first.iter().filter(answered).count() > 15);
    // moto does not know them all: what failed is asked again, and no more.
    watch(&scene);
    let second = records(&scene);
    let count = |all: &[Value]| all.iter().filter(answered).count();
    assert_eq!(count(&second), count(&first));

    let late = [
        "assess",
        "collect",
        "past",
        "--call",
        "iam_ListUsers",
        "--again",
        "--format",
        "json",
    ];
    let run = scene.before(&moto.address(), &late).output().unwrap();
    assert!(String::from_utf8_lossy(&run.stderr).contains("outside the period"));
    assert_eq!(document(&run)["isInPeriod"], false);
    let shown = scene.json(0, &["assess", "show", "past", "--control", "CC6.1"]);
    let history = of(&shown["apiCalls"], "call", "iam_ListUsers")[0];
    assert_eq!(
        (&history["turns"], &history["answered"]),
        (&91.into(), &0.into())
    );
}

#[test]
fn a_call_that_may_change_something_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    scene.assess("day", "soc2", &today(), &[]);
    for (call, why) in [
        ("iam_DeleteUser", "may change something"),
        ("iam_ListUser", "no operation"),
        ("ListUsers", "expected SERVICE_Operation"),
    ] {
        let said = scene.refused(&["assess", "collect", "day", "--call", call]);
        assert!(said.contains(why), "{said}");
    }
    let plan = scene.json(0, &["assess", "collect", "day", "--dry-run"]);
    let groups = of(&plan["calls"], "call", "identitystore_ListGroupMemberships")[0];
    let needed = [
        "identitystore:ListGroupMemberships",
        "identitystore:ListGroups",
        "sso:ListInstances",
    ];
    assert_eq!(groups["actions"], json!(needed));
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::without_log(folder.path());
    scene.assess("day", "soc2", &today(), &[]);
    assert!(
        scene
            .refused(&["assess", "collect", "day"])
            .contains("needs an evidence log")
    );
}

/// What AWS Config answers; moto does not know the call.
const COUNTS: Fault = Fault {
    matches: |request| request.contains("StarlingDoveService.GetDiscoveredResourceCounts"),
    status: 200,
    body: r#"{"totalDiscoveredResources": 3, "resourceCounts": [{"resourceType": "AWS::S3::Bucket", "count": 3}]}"#,
};

#[test]
fn aws_config_s_count_stands_beside_ours() {
    let Some(moto) = Moto::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    scene
        .record(&assessed::bucket("2026-01-01T00:00:00Z", false).replace("eu-west-1", "us-east-1"));
    scene.scan();
    scene.assess("day", "soc2", &today(), &["--region", "us-east-1"]);
    let counting = Proxy::before(&moto.address(), COUNTS);
    let (code, _) = collected(
        &scene,
        &counting.url,
        &["--call", "config_GetDiscoveredResourceCounts"],
    );
    assert_eq!(code, Some(0));
    let shown = scene.json(0, &["assess", "show", "day", "--control", "CC6.1"]);
    let tests = of(
        &shown["tests"],
        "rule",
        "s3-bucket-level-public-access-prohibited",
    );
    let config = &tests[0]["cameAndWent"][0]["config"][0];
    assert_eq!(
        (&config["counted"], &config["known"]),
        (&json!(3), &json!(1))
    );
    assert_eq!(config["accountId"], "123456789012");
    let package = String::from_utf8_lossy(&scene.export("day", "a.zip")).into_owned();
    assert!(package.contains("AWS Config counted 3") && package.contains("the history has 1"));
}
