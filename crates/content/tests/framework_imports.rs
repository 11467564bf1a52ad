//! Imports of other tools' frameworks.
//!
//! Oracle: AWS's samples in `../shared/data/samples/audit-manager`, and the shapes of the Audit
//! Manager API, OSCAL and CISO Assistant that `../shared/GRC.md` records (1.2, 5.1, 3.2).

#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(clippy::print_stdout, reason = "what is skipped is said")]

use std::path::Path;

use posture_content::frameworks::{Coverage, Format, ImportError, Imported, import, load, to_yaml};

fn sample(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/samples/audit-manager")
        .join(name);
    if path.exists() {
        return Some(std::fs::read_to_string(path).unwrap());
    }
    println!("SKIPPED: {} is absent", path.display());
    None
}

/// Imported, and loadable as ours.
fn imported(text: &str, format: Format, catalog: Option<&str>) -> Imported {
    let imported = import(text, format, None, catalog).unwrap();
    for framework in &imported.frameworks {
        assert_eq!(load(&to_yaml(framework)).as_ref(), Ok(framework));
    }
    imported
}

#[test]
fn audit_managers_sample_becomes_controls_with_rules() {
    let Some(text) = sample("s3_config_framework.yaml") else {
        return;
    };
    let imported = imported(&text, Format::AuditManager, None);
    assert_eq!(imported.notes, []);
    let [framework] = imported.frameworks.as_slice() else {
        panic!("{imported:?}")
    };
    let ids: Vec<&str> = framework
        .controls
        .iter()
        .map(|control| control.id.as_str())
        .collect();
    assert_eq!(ids, ["A.1.1", "A.1.2", "A.1.3", "A.1.4", "A.1.5", "A.1.6"]);
    let control = framework.control("A.1.2").unwrap();
    assert_eq!(
        (control.title.as_str(), control.coverage),
        ("s3-bucket-logging-enabled", Coverage::Partial)
    );
    assert_eq!(control.rules[0].rule, "s3-bucket-logging-enabled");
}

#[test]
fn a_rule_that_aws_does_not_have_is_noted_with_its_place() {
    let Some(text) = sample("sampleData.json") else {
        return;
    };
    let imported = imported(&text, Format::AuditManager, None);
    let notes: Vec<String> = imported.notes.iter().map(ToString::to_string).collect();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert_eq!(
        notes[0],
        "178:34: AWS Config has no managed rule \"lambda-functions-public-access-prohibited\"; it was left out"
    );
    assert!(
        imported.frameworks[0]
            .controls
            .iter()
            .all(|control| control.coverage == Coverage::Partial)
    );
}

#[test]
fn a_composition_gives_a_framework_each() {
    let Some(text) = sample("multi_framework.yaml") else {
        return;
    };
    let imported = imported(&text, Format::AuditManager, None);
    let names: Vec<&str> = imported
        .frameworks
        .iter()
        .map(|framework| framework.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["aws-license-manager", "aws-control-tower-guardrails"]
    );
    assert!(
        imported.frameworks[0]
            .controls
            .iter()
            .all(|control| control.coverage == Coverage::Manual)
    );
}

#[test]
fn a_control_in_two_sets_of_audit_manager_is_two() {
    let text = r#"{"name": "Ours", "controlSets": [
        {"name": "A", "controls": [{"name": "AC-1 Keys"}]},
        {"name": "B", "controls": [{"name": "AC-1 Keys"}, {"name": "AC-1 Keys"}]}]}"#;
    let imported = imported(text, Format::AuditManager, None);
    let controls = imported.frameworks[0].controls.iter();
    let placed: Vec<(&str, &str)> = controls
        .map(|control| (control.set.as_str(), control.id.as_str()))
        .collect();
    assert_eq!(
        placed,
        [("A", "AC-1"), ("B", "AC-1 (2)"), ("B", "AC-1 (3)")]
    );
    assert_eq!(imported.notes, []);
}

#[test]
fn each_kind_of_audit_manager_source_has_its_place() {
    let text = r#"{"framework": {"name": "Ours", "controlSets": [{"name": "S", "controls": [
        {"name": "1.1 Keys", "description": "d", "testingInformation": "t", "controlMappingSources": [
            {"sourceType": "AWS_Config", "sourceKeyword": {"keywordValue": "ACCESS_KEYS_ROTATED"}},
            {"sourceType": "AWS_Security_Hub", "sourceKeyword": {"keywordValue": "IAM.3"}},
            {"sourceType": "AWS_API_Call", "sourceKeyword": {"keywordValue": "iam_ListAccessKeys"}},
            {"sourceType": "AWS_Cloudtrail", "sourceKeyword": {"keywordValue": "iam_CreateAccessKey"}},
            {"sourceType": "Core_Control", "sourceKeyword": {"keywordValue": "x"}}]},
        {"name": "Screening", "controlMappingSources": [
            {"sourceType": "MANUAL", "sourceName": "n", "sourceDescription": "screening record"}]}]}]}}"#;
    let imported = imported(text, Format::AuditManager, None);
    let framework = &imported.frameworks[0];
    assert_eq!(
        (framework.name.as_str(), framework.title.as_str()),
        ("ours", "Ours")
    );
    let keys = framework.control("1.1").unwrap();
    assert_eq!(keys.rules[0].rule, "access-keys-rotated");
    assert_eq!(keys.security_hub, ["IAM.3"]);
    assert_eq!(keys.api_calls, ["iam_ListAccessKeys"]);
    assert_eq!(keys.cloudtrail, ["CreateAccessKey"]);
    assert_eq!(
        (keys.guidance.as_deref(), keys.testing.as_deref()),
        (Some("d"), Some("t"))
    );
    let screening = framework.control("Screening").unwrap();
    assert_eq!(
        (screening.coverage, screening.evidence.as_slice()),
        (Coverage::Manual, &["screening record".to_owned()][..])
    );
    assert_eq!(imported.notes.len(), 1);
    assert!(imported.notes[0].message.contains("Core_Control"));
}

const CATALOG: &str = r##"{"catalog": {"metadata": {"title": "Cat", "version": "2"}, "groups": [
  {"id": "ac", "title": "Access Control", "controls": [
    {"id": "ac-1", "title": "Policy", "props": [
        {"name": "label", "class": "sp800-53a", "value": "AC-01"}, {"name": "label", "value": "AC-1"}],
      "params": [{"id": "p1", "label": "a role"}, {"id": "p2", "select": {"choice": ["at once", "in {{ insert: param, p1 }}"]}}],
      "parts": [{"name": "statement", "parts": [
        {"name": "item", "prose": "Tell {{ insert: param, p1 }}"}, {"name": "item", "prose": "{{ insert: param, p2 }};"}]}],
      "controls": [
        {"id": "ac-1.1", "title": "Old", "props": [{"name": "label", "value": "AC-1(1)"}, {"name": "status", "value": "withdrawn"}],
         "links": [{"rel": "incorporated-into", "href": "#ac-1"}, {"rel": "related", "href": "#ac-9"}]}]},
    {"id": "ac-2", "title": "Accounts"}]},
  {"id": "zz", "title": "Empty"}]}}"##;

#[test]
fn an_oscal_catalog_keeps_labels_statements_and_withdrawals() {
    let imported = imported(CATALOG, Format::Oscal, None);
    let framework = &imported.frameworks[0];
    assert_eq!(
        (framework.name.as_str(), framework.version.as_str()),
        ("cat", "2")
    );
    let ids: Vec<&str> = framework
        .controls
        .iter()
        .map(|control| control.id.as_str())
        .collect();
    assert_eq!(ids, ["AC-1", "AC-1(1)", "ac-2"]);
    let policy = framework.control("AC-1").unwrap();
    assert_eq!(
        policy.guidance.as_deref(),
        Some("Tell [a role] [at once; in [a role]];")
    );
    let old = framework.control("AC-1(1)").unwrap();
    assert_eq!(
        (old.coverage, old.parent.as_deref()),
        (Coverage::NotAutomated, Some("AC-1"))
    );
    assert_eq!(
        old.because.as_deref(),
        Some("withdrawn by its publisher: see ac-1")
    );
    assert_eq!(framework.sets.len(), 1);
}

#[test]
fn an_oscal_profile_selects_from_its_catalog() {
    let profile = |imports: &str| {
        format!("profile:\n  metadata: {{ title: Low, version: '1' }}\n  imports:\n{imports}")
    };
    let ids = |imported: &Imported| -> Vec<String> {
        imported.frameworks[0]
            .controls
            .iter()
            .map(|control| control.id.clone())
            .collect()
    };
    let some = profile(
        "    - { href: '#c', include-controls: [{ with-ids: [ac-1.1, ac-2, ac-7] }], exclude-controls: [{ with-ids: [ac-2] }] }\n",
    );
    let found = imported(&some, Format::Oscal, Some(CATALOG));
    assert_eq!(ids(&found), ["AC-1(1)"]);
    assert_eq!(found.notes.len(), 1);
    assert!(
        found.notes[0].message.contains("\"ac-7\""),
        "{:?}",
        found.notes
    );
    let all = profile(
        "    - { href: '#c', include-all: {}, exclude-controls: [{ with-ids: [ac-1] }] }\n",
    );
    assert_eq!(
        ids(&imported(&all, Format::Oscal, Some(CATALOG))),
        ["AC-1(1)", "ac-2"]
    );
    let without = import(&some, Format::Oscal, None, None).unwrap_err();
    assert_eq!(
        without,
        ImportError::NeedsCatalog {
            href: "#c".to_owned()
        }
    );
    assert_eq!(
        import(CATALOG, Format::Oscal, None, Some(CATALOG)).unwrap_err(),
        ImportError::NeedsNoCatalog
    );
    let matching =
        profile("    - { href: '#c', include-controls: [{ matching: [{ pattern: 'ac-*' }] }] }\n");
    assert!(matches!(
        import(&matching, Format::Oscal, None, Some(CATALOG)),
        Err(ImportError::File(_))
    ));
}

#[test]
fn a_ciso_assistant_library_keeps_its_tree_and_groups() {
    let text = "\
copyright: (c) Us
version: 3
objects:
  framework:
    name: Our Framework
    implementation_groups_definition: [{ ref_id: B, name: Basic }]
    requirement_nodes:
      - { urn: 'u:1', assessable: false, depth: 1, ref_id: '1', name: First }
      - { urn: 'u:1.1', assessable: true, depth: 2, parent_urn: 'u:1', ref_id: '1.1', description: Do it., implementation_groups: [B, X] }
      - { urn: 'u:1.1.1', assessable: true, depth: 3, parent_urn: 'u:1.1', ref_id: 1.1.1, name: Do more, description: More of it. }
      - { urn: 'u:1.1b', assessable: true, depth: 2, parent_urn: 'u:1', ref_id: '1.1', name: Again }
      - { urn: 'u:last', assessable: true, depth: 1, name: Alone }
";
    let imported = imported(text, Format::CisoAssistant, None);
    let framework = &imported.frameworks[0];
    assert_eq!(
        (framework.name.as_str(), framework.version.as_str()),
        ("our-framework", "3")
    );
    assert!(framework.source.ends_with("(c) Us"));
    let rows: Vec<(&str, &str, &str, Option<&str>)> = framework
        .controls
        .iter()
        .map(|control| {
            (
                control.id.as_str(),
                control.set.as_str(),
                control.title.as_str(),
                control.parent.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("1.1", "1", "Do it.", None),
            ("1.1.1", "1", "Do more", Some("1.1")),
            ("last", "Controls", "Alone", None)
        ]
    );
    assert_eq!(framework.control("1.1").unwrap().groups, ["B", "X"]);
    assert_eq!(imported.notes.len(), 1);
    assert_eq!(
        imported.notes[0].to_string(),
        "11:9: control \"1.1\" is given twice; the second was left out"
    );
}

#[test]
fn a_file_of_another_kind_is_one_clear_error() {
    for (text, format) in [
        ("[]", Format::AuditManager),
        ("a: 1", Format::AuditManager),
        ("a: { b: 1 }", Format::AuditManager),
        ("framework: { controlSets: [] }", Format::AuditManager),
        ("a: 1", Format::Oscal),
        ("catalog: { metadata: { title: x } }", Format::Oscal),
        ("a: 1", Format::CisoAssistant),
        ("objects: { framework: { name: x } }", Format::CisoAssistant),
        ("objects: { risk_matrix: [] }", Format::CisoAssistant),
        ("a: [", Format::Oscal),
    ] {
        match import(text, format, None, None) {
            Err(ImportError::File(problems)) => {
                assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}
