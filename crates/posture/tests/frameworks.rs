//! `posture frameworks`, as its user runs it.
//!
//! Oracle of the imports: AWS's samples in `../shared/data/samples/audit-manager`.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn frameworks(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_posture"))
        .arg("frameworks")
        .args(arguments)
        .env_clear()
        .output()
        .unwrap()
}

fn out(arguments: &[&str]) -> String {
    let run = frameworks(arguments);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    text(&run.stdout)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn written(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/frameworks.md");
    std::fs::read_to_string(path).unwrap()
}

/// The text between the first of `from` and the next of `to`.
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, after) = text.split_once(from).unwrap();
    after.split_once(to).unwrap().0
}

#[test]
fn the_pages_table_is_what_the_command_prints() {
    let page = page();
    let table = between(
        &page,
        "<!-- posture frameworks list --format markdown -->\n\n",
        "\n<!-- end -->",
    );
    let wanted = out(&["list", "--format", "markdown"]);
    assert_eq!(table, wanted);
    let count = wanted.lines().count() - 2;
    assert_eq!(count, 12, "the page says twelve");
}

#[test]
fn the_pages_file_is_valid_and_works_wherever_a_name_does() {
    let page = page();
    let path = written("house-rules.yaml", between(&page, "```yaml\n", "```"));
    let path = path.to_str().unwrap();
    assert!(
        out(&["validate", path])
            .contains("house-rules.yaml: 2 controls, 2 rules\n1 frameworks, 0 with mistakes")
    );
    assert!(out(&["show", path]).starts_with(
        "House rules, version 2026\nSecurity handbook, chapter 3\n2 controls: 1 full, 1 partial"
    ));
    let control = out(&["show", path, "A.2"]);
    assert!(
        control.contains("from own; stricter: it judges more than the length"),
        "{control}"
    );
    assert!(control.contains("cis-aws-v5.0         1.7"), "{control}");
    assert!(out(&["show", path, "--group", "core"]).contains("1 controls: 1 full"));
    assert_eq!(
        out(&["diff", path, path]),
        "0 added, 0 removed, 0 moved, 0 changed\n"
    );
    assert!(
        out(&["crossmap", "ACCESS_KEYS_ROTATED", "--framework", path])
            .starts_with("access-keys-rotated: 1 controls\n")
    );
}

#[test]
fn lists_and_shows_are_the_same_twice_and_for_machines() {
    for arguments in [
        &["list", "--format", "json"][..],
        &["show", "soc2", "--format", "json"],
        &["show", "hipaa-security", "164.312(d)", "--format", "json"],
        &["diff", "cis-aws-v1.4", "cis-aws-v5.0", "--format", "json"],
        &["crossmap", "--format", "json"],
    ] {
        let first = out(arguments);
        serde_json::from_str::<serde_json::Value>(&first).unwrap();
        assert_eq!(first, out(arguments), "{arguments:?}");
    }
    let control: serde_json::Value = serde_json::from_str(&out(&[
        "show",
        "nist-csf-2.0",
        "PR.DS-11",
        "--format",
        "json",
    ]))
    .unwrap();
    assert_eq!(control["coverage"], "partial");
    assert_eq!(control["rules"][0]["from"][0], "own");
    assert!(
        control["testingProcedure"]
            .as_str()
            .unwrap()
            .starts_with("Evaluate the ")
    );
    assert!(!control["relatedControls"].as_array().unwrap().is_empty());
}

#[test]
fn moves_are_told_from_changes() {
    let changes = out(&["diff", "cis-aws-v3.0", "cis-aws-v5.0"]);
    assert!(
        changes.contains("> 1.14 is now 1.13 Access keys are rotated\n"),
        "{changes}"
    );
    assert!(
        changes.contains("- 1.3 Security questions are registered\n"),
        "{changes}"
    );
    assert!(
        changes.ends_with("2 added, 1 removed, 30 moved, 3 changed\n"),
        "{changes}"
    );
}

#[test]
fn what_is_not_there_is_an_error_with_the_nearest_name() {
    for (arguments, wanted) in [
        (
            &["show", "sox2"][..],
            "error: no framework is named \"sox2\"; `posture frameworks list` names them (nearest: soc2)\n",
        ),
        (
            &["show", "cis-aws"],
            "error: cis-aws has several versions: cis-aws-v1.4, cis-aws-v3.0, cis-aws-v5.0\n",
        ),
        (
            &["show", "soc2", "CC6.9"],
            "error: soc2 has no control \"CC6.9\" (nearest: CC6.1)\n",
        ),
        (
            &["show", "nist-800-53-r5", "--group", "hihg"],
            "error: nist-800-53-r5 has no group \"hihg\" (nearest: high)\n",
        ),
        (
            &["crossmap", "restricted-shh"],
            "error: no rule is named \"restricted-shh\"; `posture rules list` names them (nearest: restricted-ssh)\n",
        ),
        (
            &["diff", "soc2", "/nowhere/x.yaml"],
            "error: /nowhere/x.yaml could not be read: No such file or directory (os error 2)\n",
        ),
    ] {
        let run = frameworks(arguments);
        assert_eq!(run.status.code(), Some(2), "{arguments:?}");
        assert_eq!(text(&run.stderr), wanted);
        assert!(run.stdout.is_empty());
    }
}

#[test]
fn a_broken_file_has_each_mistake_with_its_place() {
    let path = written(
        "broken-framework.yaml",
        "framework: x\nversion: '1'\ntitle: \"T\\e[2J\"\nsets: [{ id: S, title: S }]\ncontrols:\n  - { id: \"a\\e[2J\", set: S, title: t, coverage: full }\n  - { id: b, set: s, title: t, coverage: partly }\n",
    );
    let run = frameworks(&["validate", path.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(2));
    let said = text(&run.stdout);
    assert!(said.contains("broken-framework.yaml:7:"), "{said}");
    assert!(
        said.contains("coverage is one of full, partial, manual, not-automated, not \"partly\""),
        "{said}"
    );
    assert!(said.ends_with("1 frameworks, 1 with mistakes\n"), "{said}");
    assert!(!said.contains('\u{1b}'), "{said:?}");
    let shown = frameworks(&["show", path.to_str().unwrap()]);
    assert_eq!(shown.status.code(), Some(2));
}

#[test]
fn an_import_is_written_whole_and_says_what_is_missing() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/samples/audit-manager");
    if !folder.exists() {
        println!("SKIPPED: {} is absent", folder.display());
        return;
    }
    let sample = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("imported.yaml");
    let target = target.to_str().unwrap();
    let run = frameworks(&[
        "import",
        &sample("sampleData.json"),
        "--format",
        "audit-manager",
        "--name",
        "mine",
        "-o",
        target,
    ]);
    assert_eq!(run.status.code(), Some(3));
    assert!(
        text(&run.stderr).contains(":178:34: AWS Config has no managed rule"),
        "{}",
        text(&run.stderr)
    );
    assert!(out(&["show", target]).contains("4 controls: 0 full, 4 partial"));
    let several = frameworks(&[
        "import",
        &sample("multi_framework.yaml"),
        "--format",
        "audit-manager",
    ]);
    assert_eq!(several.status.code(), Some(2));
    assert_eq!(
        text(&several.stderr),
        "error: the file has 2 frameworks; give a folder with --output\n"
    );
    let into = Path::new(env!("CARGO_TARGET_TMPDIR")).join("several");
    std::fs::create_dir_all(&into).unwrap();
    out(&[
        "import",
        &sample("multi_framework.yaml"),
        "--format",
        "audit-manager",
        "-o",
        into.to_str().unwrap(),
    ]);
    assert!(
        out(&["validate", into.to_str().unwrap()]).ends_with("2 frameworks, 0 with mistakes\n")
    );
}

#[test]
fn a_file_of_another_format_is_not_imported() {
    let path = written(
        "no-catalog.json",
        "{\"profile\": {\"imports\": [{\"href\": \"nist.json\"}]}}",
    );
    let path = path.to_str().unwrap();
    for (format, wanted) in [
        (
            "oscal",
            "a profile selects from a catalog, here \"nist.json\"; give it with --catalog",
        ),
        (
            "ciso-assistant",
            "1:1: a CISO Assistant library with a framework has objects.framework, and this has none",
        ),
    ] {
        let run = frameworks(&["import", path, "--format", format]);
        assert_eq!(run.status.code(), Some(2));
        assert!(text(&run.stderr).contains(wanted), "{}", text(&run.stderr));
        assert!(run.stdout.is_empty());
    }
}
