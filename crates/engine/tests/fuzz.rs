//! Parsers on what is nearly right: no panic, an end, bounded memory, and what was right stays right.
//!
//! The seeds are the demo's items, AWS's own recorded ones and conformance pack templates where
//! `../shared/data` has them. The numbers of a failing input make it again.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

mod mutator;
mod values;
mod watchdog;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use mutator::Random;
use posture_content::packs::{Pack, PackRule, Policy};
use posture_content::template;
use posture_engine::{Exception, Exceptions, Filter, Input, Options, Scan, scan};
use posture_model::tree::{Bump, parse};
use posture_model::{ConfigurationItem, Source};
use posture_rules::catalogue;
use serde_json::{Value, json};
use watchdog::repeat;

/// The files of a folder of the shared data, or none and a line on the standard error.
fn shared(folder: &str) -> Vec<Vec<u8>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let found = [beside, PathBuf::from("/work/shared/data")]
        .into_iter()
        .map(|data| data.join(folder))
        .find(|path| path.is_dir());
    let Some(path) = found else {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "SKIPPED: ../shared/data/{folder} is absent").unwrap();
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

fn items() -> Vec<Value> {
    let demo = posture_content::sample::estate();
    let mut items: Vec<Value> = demo
        .lines()
        .take(60)
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    for folder in ["c7n", "rdk-example-ci"] {
        let texts = shared(&format!("samples/config-items/{folder}"));
        let values = texts
            .iter()
            .filter_map(|text| serde_json::from_slice::<Value>(text).ok());
        items.extend(values.filter(Value::is_object));
    }
    items
}

/// Everything that holds items: alone, in lines, in a snapshot, as an answer to a query, packed.
fn files() -> Vec<Vec<u8>> {
    let items = items();
    let mut files: Vec<Vec<u8>> = items
        .iter()
        .map(|item| item.to_string().into_bytes())
        .collect();
    let few: Vec<Value> = items.iter().step_by(7).cloned().collect();
    let texts: Vec<String> = few.iter().map(Value::to_string).collect();
    let snapshot = json!({"fileVersion": "1.0", "configurationItems": few}).to_string();
    files.push(zstd::encode_all(snapshot.as_bytes(), 1).unwrap());
    files.push(gzip(snapshot.as_bytes()));
    files.push(snapshot.into_bytes());
    files.push(texts.join("\n").into_bytes());
    files.push(json!({"Results": texts}).to_string().into_bytes());
    files
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Every implemented rule, as AWS defaults it.
fn every_rule() -> Pack {
    let rule = |entry: &catalogue::Entry| PackRule {
        name: entry.rule.id.to_owned(),
        owner: "AWS".to_owned(),
        identifier: entry.rule.identifier(),
        ..PackRule::default()
    };
    Pack {
        name: "all".to_owned(),
        rules: catalogue::entries().iter().map(rule).collect(),
        ..Pack::default()
    }
}

fn with_scan<R>(inputs: &[Input], packs: &[Pack], take: impl Fn(&Scan<'_>) -> R) -> R {
    let exceptions = Exceptions::default();
    let options = Options {
        now: "2026-06-01T00:00:00Z".parse().unwrap(),
        filter: Filter::default(),
        exceptions: &exceptions,
        listed: &[],
        progress: None,
    };
    take(&scan(inputs, packs, options).unwrap())
}

/// How many items were read and how many verdicts there are, each made again with its reason.
fn judged(inputs: &[Input], packs: &[Pack]) -> (usize, usize) {
    with_scan(inputs, packs, |scanned| {
        let rows = scanned.collect_rows(&|_| true, &|row| {
            assert!(!row.reason().is_empty());
            assert!(row.annotation().chars().count() <= 256);
        });
        let items = scanned.inputs.iter().map(|input| input.items).sum();
        (items, rows.unwrap().len())
    })
}

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn json_that_is_parsed_is_json_and_is_written_again_as_it_was() {
    let seeds = files();
    repeat(5_000, move |number| {
        let text = mutator::bytes(&mut Random::new(number), &seeds);
        let arena = Bump::new();
        let Ok(node) = parse(&text, &arena) else {
            return;
        };
        // Oracle: serde_json, which is as strict but for depth and for numbers too large for it.
        if let Ok(value) = serde_json::from_slice::<Value>(&text) {
            let again: Value = serde_json::from_str(&node.to_string()).unwrap();
            assert_eq!(again.is_object(), value.is_object());
        }
        let again = node.to_string();
        let arena = Bump::new();
        assert_eq!(parse(again.as_bytes(), &arena).unwrap().to_string(), again);
    });
}

#[test]
fn what_serde_json_refuses_is_refused() {
    let seeds = files();
    repeat(5_000, move |number| {
        let text = mutator::bytes(&mut Random::new(number), &seeds);
        let arena = Bump::new();
        let is_refused = match serde_json::from_slice::<Value>(&text) {
            Ok(_) => return,
            // serde_json refuses numbers that no f64 holds; RFC 8259 leaves that to the reader.
            Err(error) => !error.to_string().starts_with("number out of range"),
        };
        if is_refused {
            let parsed = parse(&text, &arena);
            assert!(parsed.is_err(), "{}", String::from_utf8_lossy(&text));
        }
    });
}

#[test]
fn an_item_of_any_values_is_read_or_refused() {
    let seeds = items();
    repeat(1_500, move |number| {
        let mut random = Random::new(number);
        let seed = random.one_of(&seeds).clone();
        let text = values::value(&mut random, &seed).to_string();
        let arena = Bump::new();
        let node = parse(text.as_bytes(), &arena).unwrap();
        if let Ok(item) = ConfigurationItem::from_node(node, Source::AwsConfig, &arena) {
            assert!(!item.type_name().is_empty() && !item.resource_id().is_empty());
            item.managed_by();
        }
    });
}

#[test]
fn every_rule_has_a_verdict_on_items_of_any_values() {
    let seeds = items();
    let packs = [every_rule()];
    repeat(2, move |number| {
        let mut random = Random::new(number);
        let lines: Vec<String> = (0..800)
            .map(|_| {
                let seed = random.one_of(&seeds).clone();
                values::value(&mut random, &seed).to_string()
            })
            .collect();
        let input = Input::Text("mutated".to_owned(), lines.join("\n").into());
        let (items, verdicts) = judged(&[input], &packs);
        assert!(items > 300 && verdicts > 300, "{items} items, {verdicts}");
    });
}

#[test]
fn a_broken_file_is_read_as_far_as_it_goes() {
    let seeds = files();
    let path = temporary("fuzz-broken");
    let packs = [every_rule()];
    repeat(200, move |number| {
        let bytes = mutator::bytes(&mut Random::new(number), &seeds);
        std::fs::write(&path, &bytes).unwrap();
        let inputs = [Input::File(path.clone())];
        with_scan(&inputs, &packs, |scanned| {
            for error in &scanned.inputs[0].errors {
                assert!(!error.message.is_empty() && !error.message.contains('\n'));
            }
            scanned.collect_rows(&|_| true, &|_| ()).unwrap();
        });
    });
}

#[test]
fn a_broken_line_costs_no_other_line() {
    let seeds = files();
    let demo = posture_content::sample::estate();
    let good: Vec<String> = demo.lines().take(20).map(str::to_owned).collect();
    let path = temporary("fuzz-lines");
    repeat(100, move |number| {
        let mut random = Random::new(number);
        let mut broken = mutator::bytes(&mut random, &seeds);
        // A container that stays open swallows what follows, whatever it is.
        broken.retain(|byte| !matches!(byte, b'{' | b'[' | b'"' | b'\n'));
        let mut bytes = good[..10].join("\n").into_bytes();
        bytes.push(b'\n');
        bytes.extend(b"{}");
        bytes.push(b'\n');
        let before = bytes.clone();
        bytes.extend(&broken);
        bytes.extend(b"\n");
        bytes.extend(good[10..].join("\n").bytes());
        std::fs::write(&path, &bytes).unwrap();
        with_scan(&[Input::File(path.clone())], &[], |scanned| {
            let report = &scanned.inputs[0];
            assert!(report.items >= 10, "{report:?}");
            if let Some(first) = report.errors.first() {
                assert!(first.offset >= before.len() as u64, "{report:?}");
            }
        });
    });
}

#[test]
fn what_unpacks_to_much_is_refused_and_bounded() {
    let mut endless = b"{\"resourceId\":\"".to_vec();
    endless.resize(66 << 20, b'a');
    let spaces = vec![b' '; 16 << 20];
    let path = temporary("fuzz-bomb");
    repeat(2, move |number| {
        let text = if number == 0 { &endless } else { &spaces };
        let packed = zstd::encode_all(&**text, 1).unwrap();
        assert!(packed.len() < 4 << 20);
        std::fs::write(&path, packed).unwrap();
        with_scan(&[Input::File(path.clone())], &[], |scanned| {
            let errors = &scanned.inputs[0].errors;
            assert_eq!(errors.len(), usize::from(number == 0), "{errors:?}");
        });
    });
}

#[test]
fn a_template_is_a_pack_or_its_mistakes_have_places() {
    let mut seeds = shared("conformance-packs");
    seeds.push(
        b"Parameters:\n  A: {Type: String, Default: '90'}\nConditions:\n  C: !Not [!Equals [!Ref A, '']]\n\
          Resources:\n  R:\n    Type: AWS::Config::ConfigRule\n    Condition: C\n    Properties:\n      \
          ConfigRuleName: r\n      InputParameters: {maxAccessKeyAge: !If [C, !Ref A, !Ref AWS::NoValue]}\n      \
          Source: {Owner: AWS, SourceIdentifier: ACCESS_KEYS_ROTATED}\n"
            .to_vec(),
    );
    // Long ones are only slower.
    seeds.retain(|seed| seed.len() < 8_000);
    repeat(120, move |number| {
        let text = mutator::bytes(&mut Random::new(number), &seeds);
        let text = String::from_utf8_lossy(&text);
        match template::load(&text, "mutated", &[]) {
            Ok(pack) => assert!(pack.rules.iter().all(|rule| !rule.name.is_empty())),
            Err(problems) => {
                assert!(!problems.is_empty());
                let lines = text.lines().count() + 1;
                for problem in &problems {
                    assert!(
                        problem.place.line >= 1 && problem.place.line <= lines,
                        "{problem}"
                    );
                    assert!(!problem.to_string().contains('\n'), "{problem}");
                }
            }
        }
        template::declared_parameters(&text).ok();
    });
}

#[test]
fn a_template_built_to_be_large_is_refused() {
    let deep_by_aliases = (1..200)
        .map(|level| {
            format!(
                "a{level}: &a{level} {}*a{}{}\n",
                "[".repeat(60),
                level - 1,
                "]".repeat(60)
            )
        })
        .collect::<Vec<_>>()
        .concat();
    let texts = [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        "!Ref ".repeat(100_000),
        format!("a0: &a0 x\n{deep_by_aliases}Resources: *a199\n"),
        format!("Resources: {{R: {{Type: {}}}}}", "x".repeat(1 << 20)),
        format!(
            "Resources: {{\n{}}}",
            (0..20_000)
                .map(|n| format!("r{n}: 1,\n"))
                .collect::<Vec<_>>()
                .concat()
        ),
        "Conditions: {C: {Condition: C}}\nResources: {R: {Condition: C, Properties: {}}}"
            .to_owned(),
    ];
    repeat(texts.len() as u64, move |number| {
        let text = &texts[usize::try_from(number).unwrap()];
        let problems = template::load(text, "large", &[]).unwrap_err();
        assert!(!problems.is_empty());
        assert!(problems.iter().all(|problem| problem.message.len() < 1_000));
    });
}

#[test]
fn exceptions_are_read_or_refused() {
    let seed = json!([{
        "name": "legacy", "effect": "accept-risk", "owner": "team", "reason": "moves in May",
        "ticket": "OPS-1", "approver": "ciso", "expires": "2027-05-31",
        "selector": {
            "accounts": ["1*"], "regions": ["us-?ast-1"], "rules": ["S3_*", "[a-z]*"], "controls": ["CP-9"],
            "types": ["AWS::S3::*"], "resources": ["{a,b}", "arn:**"],
            "tags": {"all": [{"any": [{"key": "a", "value": "b*"}]}, {"not": {"key": "c"}}]},
        },
    }]);
    let demo = posture_content::sample::estate();
    let items: Vec<&str> = demo.lines().take(5).collect();
    let text = items.join("\n");
    let packs = [every_rule()];
    repeat(1_500, move |number| {
        let mut random = Random::new(number);
        let exceptions: Vec<Exception> = if number % 2 == 0 {
            let value = values::value(&mut random, &seed);
            let Ok(exceptions) = serde_json::from_value(value) else {
                return;
            };
            exceptions
        } else {
            let bytes = mutator::bytes(&mut random, &[seed.to_string().into_bytes()]);
            let text = String::from_utf8_lossy(&bytes);
            let Ok(exceptions) = serde_saphyr::from_str(&text) else {
                return;
            };
            exceptions
        };
        let Ok(exceptions) = Exceptions::new(Vec::new(), exceptions) else {
            return;
        };
        if number % 8 != 0 {
            return;
        }
        let options = Options {
            now: "2026-06-01T00:00:00Z".parse().unwrap(),
            filter: Filter::default(),
            exceptions: &exceptions,
            listed: &[],
            progress: None,
        };
        let input = Input::Text("demo".to_owned(), text.clone().into());
        scan(&[input], &packs, options).unwrap();
    });
}

#[test]
fn a_guard_policy_of_any_text_is_no_panic() {
    let seeds = [
        b"rule versioned when resourceType == \"AWS::S3::Bucket\" {\n  \
          configuration.name == /^[a-z]+$/ <<named>>\n  tags !empty\n  some configuration.a[*].b in [1, 2]\n}\n"
            .to_vec(),
        b"let items = configuration.list[ name exists ]\nrule r { %items.x == true or %items.y > 2.5 }".to_vec(),
    ];
    let demo = posture_content::sample::estate();
    let items: Vec<&str> = demo.lines().take(5).collect();
    let text = items.join("\n");
    repeat(80, move |number| {
        let policy = mutator::bytes(&mut Random::new(number), &seeds);
        let pack = Pack {
            name: "guard".to_owned(),
            rules: vec![PackRule {
                name: "policy".to_owned(),
                owner: "CUSTOM_POLICY".to_owned(),
                types: vec!["AWS::S3::Bucket".to_owned()],
                policy: Some(Policy {
                    text: String::from_utf8_lossy(&policy).into_owned(),
                }),
                ..PackRule::default()
            }],
            ..Pack::default()
        };
        judged(
            &[Input::Text("demo".to_owned(), text.clone().into())],
            &[pack],
        );
    });
}
