//! What may never change a verdict: the order of items, rules and parameters, how items are spread
//! over files and shapes, and what is not the newest of a resource.
//!
//! Oracle: the same items as one plain file of JSON Lines. The items are the demo's.

#![expect(clippy::format_collect, reason = "small texts in a test")]
#![expect(clippy::unwrap_used, reason = "a test")]

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;
use posture_content::packs::{Pack, PackRule, embedded};
use posture_content::template;
use posture_engine::{Exceptions, Filter, Input, Options, scan};
use posture_rules::catalogue;
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};

/// The same cases on every machine.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(2),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Every implemented rule as AWS defaults it, beside a pack with parameters of its own.
static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(|| {
    let rule = |entry: &catalogue::Entry| PackRule {
        name: entry.rule.id.to_owned(),
        owner: "AWS".to_owned(),
        identifier: entry.rule.identifier(),
        ..PackRule::default()
    };
    let all = Pack {
        name: "all".to_owned(),
        rules: catalogue::entries().iter().map(rule).collect(),
        ..Pack::default()
    };
    let named = embedded().unwrap();
    let named = named.iter().find(|pack| pack.name == "pci-dss-4.0");
    vec![all, named.unwrap().resolved(&[])]
});

static ITEMS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    posture_content::sample::estate()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
});

/// Everything that a scan says of each resource, as text, in its order.
fn verdicts(inputs: &[Input], packs: &[Pack]) -> Vec<String> {
    let exceptions = Exceptions::default();
    let options = Options {
        now: "2026-07-01T00:00:00Z".parse().unwrap(),
        filter: Filter::default(),
        exceptions: &exceptions,
        listed: &[],
        progress: None,
    };
    let scanned = scan(inputs, packs, options).unwrap();
    for input in &scanned.inputs {
        assert_eq!(input.errors, [], "{}", input.name);
    }
    let rows = scanned.collect_rows(&|_| true, &|row| {
        let item = row.item;
        format!(
            "{} {} {} {} {}: {} {}",
            item.account_id(),
            item.aws_region(),
            item.type_name(),
            item.resource_id(),
            row.evaluation_id(),
            row.compliance_type.as_str(),
            row.reason(),
        )
    });
    rows.unwrap()
}

fn lines(items: &[Value]) -> String {
    items.iter().map(|item| format!("{item}\n")).collect()
}

fn plain(items: &[Value]) -> Vec<Input> {
    vec![Input::Text("plain".to_owned(), lines(items).into())]
}

/// In what AWS puts items.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Lines,
    Snapshot,
    /// `batch-get-resource-config`: the configuration is JSON in a string.
    Batch,
    /// `select-resource-config`: each item is JSON in a string.
    Query,
    /// The event of a custom rule, one a line: the item is in JSON in a string.
    Events,
}

#[derive(Debug, Clone, Copy)]
enum Packing {
    Plain,
    Gzip,
    Zstandard,
}

fn shaped(shape: Shape, items: &[Value]) -> String {
    match shape {
        Shape::Lines => lines(items),
        Shape::Snapshot => json!({
            "fileVersion": "1.0", "configSnapshotId": "1", "configurationItems": items,
        })
        .to_string(),
        Shape::Batch => {
            let items: Vec<Value> = items
                .iter()
                .map(|item| {
                    let mut item = item.clone();
                    item["configuration"] = json!(item["configuration"].to_string());
                    item
                })
                .collect();
            json!({"baseConfigurationItems": items, "unprocessedResourceKeys": []}).to_string()
        }
        Shape::Query => {
            let texts: Vec<String> = items.iter().map(Value::to_string).collect();
            json!({"Results": texts, "QueryInfo": {"SelectFields": []}}).to_string()
        }
        Shape::Events => items
            .iter()
            .map(|item| {
                let event = json!({"configurationItem": item, "messageType": "ConfigurationItemChangeNotification"});
                format!("{}\n", json!({"invokingEvent": event.to_string(), "version": "1.0"}))
            })
            .collect(),
    }
}

fn packed(packing: Packing, text: &str) -> Vec<u8> {
    match packing {
        Packing::Plain => text.as_bytes().to_vec(),
        Packing::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            encoder.finish().unwrap()
        }
        Packing::Zstandard => zstd::encode_all(text.as_bytes(), 1).unwrap(),
    }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

fn shapes() -> impl Strategy<Value = (Shape, Packing)> {
    let shape = prop_oneof![
        Just(Shape::Lines),
        Just(Shape::Snapshot),
        Just(Shape::Batch),
        Just(Shape::Query),
        Just(Shape::Events),
    ];
    let packing = prop_oneof![
        Just(Packing::Plain),
        Just(Packing::Gzip),
        Just(Packing::Zstandard),
    ];
    (shape, packing)
}

/// More items than fit in one piece of the engine's work would only take longer.
const LIMIT: usize = 40;

fn some_items() -> impl Strategy<Value = Vec<Value>> {
    subsequence(ITEMS.clone(), 1..LIMIT)
}

#[derive(Debug, Clone, Copy)]
enum Earlier {
    None,
    /// The very same item.
    Same,
    /// One that was captured before and says nothing.
    Empty,
    /// One that was captured before and says that the resource is gone.
    Deleted,
    /// One that will be captured after the clock.
    Later,
}

fn earlier() -> impl Strategy<Value = Earlier> {
    prop_oneof![
        Just(Earlier::None),
        Just(Earlier::Same),
        Just(Earlier::Empty),
        Just(Earlier::Deleted),
        Just(Earlier::Later),
    ]
}

fn version(item: &Value, earlier: Earlier) -> Option<Value> {
    let mut item = item.clone();
    match earlier {
        Earlier::None => return None,
        Earlier::Same => {}
        Earlier::Empty => {
            item["configurationItemCaptureTime"] = json!("2025-01-01T00:00:01Z");
            item["configuration"] = json!({});
            item["supplementaryConfiguration"] = json!({});
        }
        Earlier::Deleted => {
            item["configurationItemCaptureTime"] = json!("2025-01-01T00:00:00Z");
            item["configurationItemStatus"] = json!("ResourceDeleted");
        }
        Earlier::Later => {
            item["configurationItemCaptureTime"] = json!("2026-07-01T00:00:01Z");
            item["configurationItemStatus"] = json!("ResourceDeleted");
        }
    }
    Some(item)
}

/// The engine skips what no rule names, as far as an item says on its first level of which type it
/// is; in an event it doesn't.
#[test]
fn what_no_rule_names_may_be_skipped() {
    let events = shaped(Shape::Events, &ITEMS);
    let whole = verdicts(&[Input::Text("events".to_owned(), events.into())], &PACKS);
    let backwards: Vec<Value> = ITEMS
        .iter()
        .map(|item| {
            let members = item.as_object().unwrap().iter().rev();
            members
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        })
        .collect();
    assert_eq!(verdicts(&plain(&ITEMS), &PACKS), whole);
    assert_eq!(verdicts(&plain(&backwards), &PACKS), whole);
}

proptest! {
    #![proptest_config(config(16))]

    #[test]
    fn items_may_come_in_any_order_files_shapes_and_packings(
        items in some_items(),
        keys in prop::collection::vec(any::<u64>(), LIMIT),
        files in prop::collection::vec(shapes(), 1..6),
        places in prop::collection::vec(any::<Index>(), LIMIT),
    ) {
        let expected = verdicts(&plain(&items), &PACKS);
        let mut shuffled: Vec<(&u64, &Value, &Index)> = keys
            .iter()
            .zip(&items)
            .zip(&places)
            .map(|((key, item), place)| (key, item, place))
            .collect();
        shuffled.sort_by_key(|(key, ..)| **key);
        let mut parts: Vec<Vec<Value>> = vec![Vec::new(); files.len()];
        for (_, item, place) in shuffled {
            parts[place.index(files.len())].push(item.clone());
        }
        let folder = folder();
        let mut inputs = Vec::new();
        for (number, ((shape, packing), part)) in files.iter().zip(&parts).enumerate() {
            let path: PathBuf = folder.path().join(number.to_string());
            std::fs::write(&path, packed(*packing, &shaped(*shape, part))).unwrap();
            inputs.push(Input::File(path));
        }
        prop_assert_eq!(verdicts(&inputs, &PACKS), expected);
    }

    #[test]
    fn only_the_newest_item_at_the_clock_counts(
        items in some_items(),
        versions in prop::collection::vec(prop::collection::vec(earlier(), 0..4), LIMIT),
        keys in prop::collection::vec(any::<u64>(), 4 * LIMIT),
    ) {
        let expected = verdicts(&plain(&items), &PACKS);
        let mut all = items.clone();
        for (item, versions) in items.iter().zip(&versions) {
            all.extend(versions.iter().filter_map(|earlier| version(item, *earlier)));
        }
        let mut keyed: Vec<(&u64, Value)> = keys.iter().zip(all).collect();
        keyed.sort_by_key(|(key, _)| **key);
        let all: Vec<Value> = keyed.into_iter().map(|(_, item)| item).collect();
        prop_assert_eq!(verdicts(&plain(&all), &PACKS), expected);
    }
}

/// A rule with as many parameters as AWS has, and others with some.
const RULES: [(&str, &[(&str, &str)]); 4] = [
    (
        "IAM_PASSWORD_POLICY",
        &[
            ("RequireUppercaseCharacters", "true"),
            ("RequireLowercaseCharacters", "true"),
            ("RequireSymbols", "false"),
            ("RequireNumbers", "true"),
            ("MinimumPasswordLength", "8"),
            ("PasswordReusePrevention", "5"),
            ("MaxPasswordAge", "30"),
        ],
    ),
    (
        "DB_INSTANCE_BACKUP_ENABLED",
        &[
            ("backupRetentionMinimum", "8"),
            ("checkReadReplicas", "true"),
        ],
    ),
    (
        "VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS",
        &[("authorizedTcpPorts", "22"), ("authorizedUdpPorts", "53")],
    ),
    (
        "S3_BUCKET_VERSIONING_ENABLED",
        &[("isMfaDeleteEnabled", "true")],
    ),
];

fn template(order: &[usize], keys: &[u64]) -> String {
    let rules = order.iter().map(|number| {
        let (identifier, parameters) = RULES[*number];
        let mut parameters: Vec<_> = keys.iter().zip(parameters).collect();
        parameters.sort_by_key(|(key, _)| **key);
        let parameters: String = parameters
            .into_iter()
            .map(|(_, (name, value))| format!("        {name}: '{value}'\n"))
            .collect();
        format!(
            "  Rule{number}:\n    Type: AWS::Config::ConfigRule\n    Properties:\n      \
             ConfigRuleName: rule-{number}\n      InputParameters:\n{parameters}      Source:\n        \
             Owner: AWS\n        SourceIdentifier: {identifier}\n"
        )
    });
    format!("Resources:\n{}", rules.collect::<String>())
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn rules_and_parameters_may_stand_in_any_order(
        order in Just((0..RULES.len()).collect::<Vec<usize>>()).prop_shuffle(),
        keys in prop::collection::vec(any::<u64>(), 7),
        is_reversed in any::<bool>(),
    ) {
        let load = |text: &str| template::load(text, "pack", &[]).unwrap();
        let sorted: Vec<usize> = (0..RULES.len()).collect();
        let straight: Vec<u64> = (0..7).collect();
        let others = PACKS[1].clone();
        let inputs = plain(&ITEMS[..100]);
        let expected = verdicts(&inputs, &[load(&template(&sorted, &straight)), others.clone()]);
        let mut packs = vec![load(&template(&order, &keys)), others];
        if is_reversed {
            packs.reverse();
        }
        prop_assert_eq!(verdicts(&inputs, &packs), expected);
    }
}
