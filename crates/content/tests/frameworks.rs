//! The embedded frameworks.
//!
//! Oracles: the counts that the standards' publishers and AWS Audit Manager give (`../shared/GRC.md`,
//! sections 1.6 and 4), NIST's baselines of SP 800-53B, AWS's own mappings in
//! `../shared/data/facts`, and the operations of AWS's service models in
//! `../shared/data/compact-models`.

#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(clippy::print_stdout, reason = "what is skipped is said")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use posture_content::frameworks::{
    self, Counts, Coverage, CrossMap, Framework, Origin, Strength, diff, testing_procedure, to_yaml,
};
use posture_rules::catalogue;

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

fn embedded() -> &'static [Framework] {
    frameworks::embedded().unwrap()
}

fn named(name: &str) -> &'static Framework {
    embedded().iter().find(|known| known.name == name).unwrap()
}

fn ids(name: &str) -> Vec<&'static str> {
    named(name)
        .controls
        .iter()
        .map(|control| control.id.as_str())
        .collect()
}

#[test]
fn every_standard_has_as_many_controls_as_its_publisher_says() {
    let wanted = [
        ("cis-aws-v1.4", 58),
        ("cis-aws-v3.0", 62),
        ("cis-aws-v5.0", 63),
        ("hipaa-security", 64),
        ("iso-27001-2022", 93),
        ("nist-800-53-r5", 1189),
        ("nist-csf-1.1", 108),
        ("nist-csf-2.0", 106),
        // Audit Manager: 40 automated and 240 manual.
        ("pci-dss-4.0", 280),
        ("soc2", 61),
    ];
    for (name, count) in wanted {
        assert_eq!(named(name).controls.len(), count, "{name}");
    }
    let own: BTreeSet<&str> = ["aws-best-practices", "aws-fsbp"].into();
    let names: BTreeSet<&str> = embedded()
        .iter()
        .map(|framework| framework.name.as_str())
        .collect();
    let standards: BTreeSet<&str> = wanted.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, standards.union(&own).copied().collect());
}

#[test]
fn ids_are_those_of_the_standards() {
    let numbered = |prefix: &str, count: usize| -> Vec<String> {
        (1..=count)
            .map(|number| format!("{prefix}{number}"))
            .collect()
    };
    let mut iso = numbered("A.5.", 37);
    iso.extend(numbered("A.6.", 8));
    iso.extend(numbered("A.7.", 14));
    iso.extend(numbered("A.8.", 34));
    assert_eq!(ids("iso-27001-2022"), iso);
    let mut soc2 = Vec::new();
    for (prefix, count) in [
        ("CC1", 5),
        ("CC2", 3),
        ("CC3", 4),
        ("CC4", 2),
        ("CC5", 3),
        ("CC6", 8),
        ("CC7", 5),
        ("CC8", 1),
        ("CC9", 2),
        ("A1", 3),
        ("C1", 2),
        ("PI1", 5),
        ("P1", 1),
        ("P2", 1),
        ("P3", 2),
        ("P4", 3),
        ("P5", 2),
        ("P6", 7),
        ("P7", 1),
        ("P8", 1),
    ] {
        soc2.extend(numbered(&format!("{prefix}."), count));
    }
    assert_eq!(ids("soc2"), soc2);
    let mut cis = numbered("1.", 21);
    for (prefix, count) in [
        ("2.1.", 4),
        ("2.2.", 4),
        ("2.3.", 1),
        ("3.", 9),
        ("4.", 16),
        ("5.1.", 2),
    ] {
        cis.extend(numbered(prefix, count));
    }
    cis.extend((2..=7).map(|number| format!("5.{number}")));
    assert_eq!(ids("cis-aws-v5.0"), cis);
}

#[test]
fn nist_has_its_base_controls_enhancements_withdrawals_and_baselines() {
    let nist = named("nist-800-53-r5");
    let count = |is: &dyn Fn(&frameworks::Control) -> bool| {
        nist.controls.iter().filter(|control| is(control)).count()
    };
    assert_eq!(count(&|control| control.parent.is_none()), 322);
    assert_eq!(count(&|control| control.parent.is_some()), 867);
    assert_eq!(
        count(&|control| control.coverage == Coverage::NotAutomated),
        182
    );
    for (baseline, size) in [
        ("low", 149),
        ("moderate", 287),
        ("high", 370),
        ("privacy", 96),
    ] {
        let has =
            |control: &frameworks::Control| control.groups.iter().any(|group| group == baseline);
        assert_eq!(count(&has), size, "{baseline}");
    }
}

#[test]
fn hipaa_has_22_standards_and_42_specifications() {
    let hipaa = named("hipaa-security");
    let count = |group: &str| {
        let has = |control: &&frameworks::Control| control.groups == [group];
        hipaa.controls.iter().filter(has).count()
    };
    assert_eq!(
        [count("standard"), count("required"), count("addressable")],
        [22, 20, 22]
    );
}

#[test]
fn every_rule_exists_and_every_edge_says_who_says_so() {
    for framework in embedded() {
        for control in &framework.controls {
            for edge in &control.rules {
                let listing = catalogue::listing_of(&edge.rule).unwrap();
                assert_eq!(listing.name, edge.rule, "{} {}", framework.name, control.id);
                assert!(!edge.from.is_empty() && !edge.from.contains(&Origin::Imported));
            }
        }
    }
}

#[test]
fn every_control_says_on_purpose_how_it_is_covered() {
    for framework in embedded() {
        let counts = Counts::of(framework);
        let by_kind = counts.full + counts.partial + counts.manual + counts.not_automated;
        assert_eq!(by_kind, counts.controls);
        for control in &framework.controls {
            let what = format!("{} {}", framework.name, control.id);
            assert!(control.guidance.is_some(), "{what}");
            let is_automated = matches!(control.coverage, Coverage::Full | Coverage::Partial);
            if is_automated {
                assert!(testing_procedure(control).is_some(), "{what}");
            }
            if matches!(control.coverage, Coverage::Partial | Coverage::Manual) {
                assert!(!control.evidence.is_empty(), "{what}");
            }
            assert_eq!(
                control.because.is_none(),
                control.coverage == Coverage::Full,
                "{what}"
            );
        }
    }
}

#[test]
fn files_are_named_after_their_framework_and_written_as_we_write() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("frameworks");
    let mut files = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let framework = named(&name);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            to_yaml(framework) == text,
            "{name}: run `cargo xtask frameworks`"
        );
        assert_eq!(frameworks::embedded_text(&name), Some(text.as_str()));
        files.insert(name);
    }
    assert_eq!(files.len(), embedded().len());
}

/// The words and numbers of an id: `AC-17b` is in `AC-17`.
fn is_within(part: &str, whole: &str) -> bool {
    part.strip_prefix(whole)
        .is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_ascii_digit()))
}

#[test]
fn aws_mappings_are_carried_over_whole_and_nothing_is_added_to_them() {
    let Some(path) = shared("facts/framework_control_map_guard_registry.csv") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    for (framework, of) in [
        ("nist-800-53-r5", "NIST800-53Rev5"),
        ("hipaa-security", "hipaa-security"),
        ("nist-csf-1.1", "nist-csf"),
    ] {
        let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for line in text.lines().skip(1) {
            let columns: Vec<&str> = line.split(',').collect();
            let listing = catalogue::listing_of(columns[1]);
            if let Some(listing) = listing.filter(|_| columns[0] == of) {
                let rules = wanted.entry(columns[3].to_owned()).or_default();
                rules.insert(listing.name.clone());
            }
        }
        let mut edges = 0;
        for control in named(framework)
            .controls
            .iter()
            .filter(|control| control.coverage != Coverage::NotAutomated)
        {
            let said: BTreeSet<&str> = wanted
                .iter()
                .filter(|(id, _)| {
                    is_within(id, &control.id)
                        && !named(framework).controls.iter().any(|longer| {
                            longer.id.len() > control.id.len() && is_within(id, &longer.id)
                        })
                })
                .flat_map(|(_, rules)| rules.iter().map(String::as_str))
                .collect();
            let ours: BTreeSet<&str> = control
                .rules
                .iter()
                .filter(|edge| edge.from.contains(&Origin::GuardRegistry))
                .map(|edge| edge.rule.as_str())
                .collect();
            assert_eq!(ours, said, "{framework} {}", control.id);
            edges += ours.len();
        }
        assert!(edges > 100, "{framework}: {edges}");
    }
}

#[test]
fn edges_that_only_other_tools_claim_decide_nothing() {
    for framework in embedded() {
        for edge in framework.controls.iter().flat_map(|control| &control.rules) {
            let is_derived = edge
                .from
                .iter()
                .all(|origin| matches!(origin, Origin::Prowler | Origin::Steampipe));
            assert_eq!(
                is_derived,
                edge.strength == Strength::Indirect,
                "{} {edge:?}",
                framework.name
            );
            assert!(!is_derived || !edge.decides());
        }
    }
}

#[test]
fn every_api_call_is_an_operation_of_aws() {
    let Some(folder) = shared("compact-models") else {
        return;
    };
    let mut seen = BTreeSet::new();
    for control in embedded().iter().flat_map(|framework| &framework.controls) {
        for call in &control.api_calls {
            if !seen.insert(call.clone()) {
                continue;
            }
            let (service, operation) = call.split_once('_').unwrap();
            let file = if service == "tagging" {
                "resourcegroupstaggingapi"
            } else {
                service
            };
            let model = std::fs::read_to_string(folder.join(format!("{file}.json"))).unwrap();
            let model: serde_json::Value = serde_json::from_str(&model).unwrap();
            assert!(model["operations"].get(operation).is_some(), "{call}");
        }
    }
    assert!(seen.len() > 30, "{seen:?}");
}

#[test]
fn the_cross_map_is_the_inverse_of_the_files() {
    let crossmap = CrossMap::new(embedded());
    let mut edges = 0;
    for framework in embedded() {
        for control in &framework.controls {
            for edge in &control.rules {
                let served = crossmap.served_by(&edge.rule);
                let is_ours = |served: &&frameworks::Served<'_>| {
                    served.framework == framework.name
                        && served.control == control.id
                        && served.mapping == edge
                };
                assert_eq!(served.iter().filter(is_ours).count(), 1);
                edges += 1;
            }
        }
    }
    let all: usize = crossmap
        .rules()
        .map(|rule| crossmap.served_by(rule).len())
        .sum();
    assert_eq!(all, edges);
    let related = crossmap.related("cis-aws-v5.0", "3.2");
    let back = crossmap.related("nist-800-53-r5", "AU-9");
    assert!(
        related
            .iter()
            .any(|other| (other.framework, other.control) == ("nist-800-53-r5", "AU-9"))
    );
    assert!(
        back.iter()
            .any(|other| (other.framework, other.control) == ("cis-aws-v5.0", "3.2"))
    );
    assert!(
        related
            .iter()
            .all(|other| other.framework != "cis-aws-v5.0")
    );
}

#[test]
fn a_renumbered_control_has_moved() {
    let (before, after) = (named("cis-aws-v3.0"), named("cis-aws-v5.0"));
    let changes = diff(before, after);
    let has = |change: &frameworks::Change| changes.contains(change);
    // Security questions went, so all after them moved up; EBS moved to networking's section.
    assert!(has(&frameworks::Change::Removed {
        from: "1.3".to_owned(),
        title: "Security questions are registered".to_owned()
    }));
    assert!(has(&frameworks::Change::Moved {
        from: "1.14".to_owned(),
        to: "1.13".to_owned(),
        title: "Access keys are rotated".to_owned()
    }));
    assert!(has(&frameworks::Change::Moved {
        from: "2.2.1".to_owned(),
        to: "5.1.1".to_owned(),
        title: "EBS encrypts by default".to_owned()
    }));
    assert!(has(&frameworks::Change::Added {
        to: "5.1.2".to_owned(),
        title: "File sharing is not open".to_owned()
    }));
    assert_eq!(diff(before, before), []);
}

#[test]
fn the_testing_procedure_follows_from_the_sources() {
    let control = named("aws-fsbp").control("CloudTrail.4").unwrap();
    let words = testing_procedure(control).unwrap();
    assert!(words.starts_with("Evaluate cloud-trail-log-file-validation-enabled on every AWS::CloudTrail::Trail in scope"), "{words}");
    assert!(
        words.ends_with("Read the Security Hub findings of CloudTrail.4."),
        "{words}"
    );
    let manual = named("soc2").control("CC1.1").unwrap();
    assert_eq!(testing_procedure(manual), None);
}
