//! The embedded packs, and the loader of templates.
//!
//! Oracle: AWS's 122 templates in `../shared/data/conformance-packs`, and the table that a YAML
//! library of another language made of them, `../shared/data/facts/conformance_pack_rules.csv`.

#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(clippy::print_stdout, reason = "what is skipped is said")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use posture_content::packs::{self, EmbeddedPack};
use posture_content::template::{declared_parameters, load};

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    println!("SKIPPED: {} is absent", path.display());
    None
}

fn template(pack: &EmbeddedPack) -> Option<String> {
    let path = shared("conformance-packs")?.join(&pack.template);
    Some(std::fs::read_to_string(path).unwrap())
}

#[test]
fn there_is_a_pack_for_each_template() {
    let Some(folder) = shared("conformance-packs") else {
        return;
    };
    let templates: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| matches!(name.rsplit('.').next(), Some("yaml" | "yml")))
        .collect();
    let embedded: BTreeSet<String> = packs::embedded()
        .unwrap()
        .into_iter()
        .map(|pack| pack.template)
        .collect();
    assert_eq!(embedded.len(), 122);
    assert_eq!(embedded, templates);
}

#[test]
fn every_template_loads_and_equals_its_embedded_pack() {
    for embedded in packs::embedded().unwrap() {
        let Some(text) = template(&embedded) else {
            return;
        };
        let mut loaded = load(&text, &embedded.name, &[]).unwrap();
        let mut resolved = embedded.resolved(&[]);
        loaded.template.clone_from(&resolved.template);
        // Control ids come from another table than the template.
        for rule in loaded.rules.iter_mut().chain(&mut resolved.rules) {
            rule.controls.clear();
        }
        assert_eq!(loaded, resolved, "{}", embedded.name);
    }
}

#[test]
fn a_parameter_means_the_same_in_the_template_and_in_the_embedded_pack() {
    for embedded in packs::embedded().unwrap() {
        let Some(text) = template(&embedded) else {
            return;
        };
        // Another value of the same kind.
        let params: Vec<(String, String)> = declared_parameters(&text)
            .unwrap()
            .into_iter()
            .map(|(name, default)| {
                let default = default.unwrap_or_default();
                let other = match default.as_str() {
                    "true" | "TRUE" => "false".to_owned(),
                    "false" | "FALSE" => "true".to_owned(),
                    "" => "7".to_owned(),
                    number if number.parse::<u32>().is_ok() => format!("{number}7"),
                    text => text.to_owned(),
                };
                (name, other)
            })
            .collect();
        let loaded = load(&text, &embedded.name, &params).unwrap();
        let resolved = embedded.resolved(&params);
        assert_eq!(
            loaded.rules.len(),
            resolved.rules.len(),
            "{}",
            embedded.name
        );
        for (a, b) in loaded.rules.iter().zip(&resolved.rules) {
            assert_eq!(a.parameters, b.parameters, "{}: {}", embedded.name, a.name);
        }
    }
}

#[test]
fn every_pack_names_the_identifiers_of_its_template() {
    let Some(facts) = shared("facts/conformance_pack_rules.csv") else {
        return;
    };
    let text = std::fs::read_to_string(facts).unwrap();
    let wanted: BTreeSet<(String, String)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let columns: Vec<&str> = line.split(',').collect();
            (columns[0].to_owned(), columns[2].to_owned())
        })
        .collect();
    let mut found = BTreeSet::new();
    for pack in packs::embedded().unwrap() {
        for rule in &pack.rules {
            if rule.owner.is_none() {
                found.insert((pack.template.clone(), rule.identifier.clone()));
            }
        }
    }
    let missing: Vec<_> = wanted.difference(&found).collect();
    let extra: Vec<_> = found.difference(&wanted).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "{missing:?} {extra:?}"
    );
}

#[test]
fn every_parameter_of_every_pack_suits_its_rule() {
    for pack in packs::embedded().unwrap() {
        for rule in &pack.resolved(&[]).rules {
            assert!(
                rule.resolve().is_ok(),
                "{}: {}: {:?}",
                pack.name,
                rule.name,
                rule.resolve()
            );
        }
    }
}

/// The mistakes in a small template with one part replaced.
fn problems(from: &str, to: &str) -> String {
    const TEMPLATE: &str = "\
Parameters:
  Age:
    Type: String
    Default: '90'
Conditions:
  hasAge: !Not [!Equals ['', !Ref Age]]
Resources:
  Keys:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: keys
      InputParameters:
        maxAccessKeyAge: !If [hasAge, !Ref Age, !Ref AWS::NoValue]
      Scope:
        TagKey: Env
      Source:
        Owner: AWS
        SourceIdentifier: ACCESS_KEYS_ROTATED
  Fix:
    Type: AWS::Config::RemediationConfiguration
    Properties:
      ConfigRuleName: keys
      TargetId: AWS-PublishSNSNotification
      TargetType: SSM_DOCUMENT
      Parameters:
        Message:
          StaticValue:
            Values: [!Sub 'key of ${Age} days']
";
    assert!(TEMPLATE.contains(from), "{from}");
    match load(&TEMPLATE.replace(from, to), "t", &[]) {
        Ok(pack) => format!("{:?}", pack.remediations[0].parameters),
        Err(problems) => problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

#[test]
fn a_mistake_is_named_with_its_place_and_the_nearest_name() {
    for (from, to, wanted) in [
        ("days", "days", "{\"Message\": [\"key of 90 days\"]}"),
        (
            "ACCESS_KEYS_ROTATED",
            "ACCESS_KEY_ROTATED",
            "18:27: AWS Config has no managed rule \"ACCESS_KEY_ROTATED\"; did you mean ACCESS_KEYS_ROTATED?",
        ),
        (
            "maxAccessKeyAge",
            "maxAccesKeyAge",
            "13:9: ACCESS_KEYS_ROTATED has no parameter \"maxAccesKeyAge\"; did you mean maxAccessKeyAge?",
        ),
        (
            "!If [hasAge",
            "!If [hasAges",
            "13:31: no condition is named \"hasAges\"; did you mean hasAge?",
        ),
        (
            "hasAge, !Ref Age",
            "hasAge, !Ref Ages",
            "13:39: no parameter is named \"Ages\"; did you mean Age?",
        ),
        (
            "      ConfigRuleName: keys\n      TargetId",
            "      ConfigRuleName: kes\n      TargetId",
            "22:23: the template has no rule named \"kes\"; did you mean keys?",
        ),
        (
            "Owner: AWS",
            "Owner: AMS",
            "17:16: a rule has no owner \"AMS\"; did you mean AWS?",
        ),
        (
            "TagKey",
            "TagKeys",
            "15:9: a Scope has no member \"TagKeys\"; did you mean TagKey?",
        ),
        (
            "AWS::Config::ConfigRule",
            "AWS::Config::Rule",
            "9:11: a conformance pack has no resources of type \"AWS::Config::Rule\"; did you mean AWS::Config::ConfigRule?",
        ),
        (
            "'90'",
            "'soon'",
            "13:9: parameter \"maxAccessKeyAge\" is \"soon\", expected a whole number",
        ),
    ] {
        assert_eq!(problems(from, to), wanted);
    }
}
