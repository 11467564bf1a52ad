//! Users' own framework files: what is right loads, every mistake is named with its place.

use posture_content::frameworks::{Coverage, Origin, Strength, load, to_yaml};

const FILE: &str = "\
framework: house-rules
version: '2026'
title: House rules
groups: [{ id: core, title: Core }]
sets:
  - { id: A, title: Access }
controls:
  - id: A.1
    set: A
    title: Keys are young
    groups: [core]
    coverage: full
    rules: [ACCESS_KEYS_ROTATED]
  - id: A.1.a
    set: A
    parent: A.1
    title: Passwords are long
    coverage: partial
    because: the rule judges the whole policy
    rules:
      - names: [iam-password-policy]
        strength: supporting
        from: [security-hub, own]
        stricter: it judges more than the length
    security-hub: [IAM.15]
    api-calls: [iam_GetAccountPasswordPolicy]
    cloudtrail: [UpdateAccountPasswordPolicy]
    evidence: [password standard]
  - id: A.2
    set: A
    title: Access is reviewed
    coverage: manual
    because: people review
    evidence: [review record]
";

/// The mistakes in the file with one part replaced.
fn problems(from: &str, to: &str) -> String {
    assert!(FILE.contains(from), "{from}");
    match load(&FILE.replacen(from, to, 1)) {
        Ok(_) => "none".to_owned(),
        Err(problems) => problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

#[test]
fn a_file_loads_and_is_written_back() {
    let framework = load(FILE).unwrap();
    assert_eq!(
        (framework.name.as_str(), framework.standard.as_str()),
        ("house-rules", "house-rules")
    );
    let control = framework.control("A.1").unwrap();
    assert_eq!(control.rules[0].rule, "access-keys-rotated");
    assert_eq!(
        (control.rules[0].strength, control.rules[0].from.as_slice()),
        (Strength::Direct, &[Origin::Own][..])
    );
    assert!(control.rules[0].decides());
    let stricter = &framework.control("A.1.a").unwrap().rules[0];
    assert_eq!(stricter.from, [Origin::Own, Origin::SecurityHub]);
    assert!(!stricter.decides());
    assert_eq!(framework.control("A.2").unwrap().coverage, Coverage::Manual);
    assert_eq!(load(&to_yaml(&framework)).unwrap(), framework);
}

/// What is replaced, by what, and what is said then.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("House rules", "House rules", "none"),
    (
        "house-rules",
        "House Rules",
        "1:12: \"House Rules\" is no name of a framework: small letters, digits, - and . only",
    ),
    ("version: '2026'\n", "", "1:1: a framework has no version"),
    (
        "title: House rules",
        "titel: House rules",
        "1:1: a framework has no title\n3:1: a framework has no member \"titel\"; did you mean title?",
    ),
    (
        "ACCESS_KEYS_ROTATED",
        "access-key-rotated",
        "13:13: AWS Config has no managed rule \"access-key-rotated\"; did you mean access-keys-rotated?",
    ),
    (
        "    rules: [ACCESS_KEYS_ROTATED]\n",
        "",
        "12:15: control A.1 is covered in full without a rule that decides it: direct or supporting, and not stricter",
    ),
    (
        "coverage: full",
        "coverage: ful",
        "12:15: coverage is one of full, partial, manual, not-automated, not \"ful\"; did you mean full?",
    ),
    (
        "strength: supporting",
        "strength: strong",
        "22:19: strength is one of direct, supporting, indirect, not \"strong\"",
    ),
    (
        "from: [security-hub, own]",
        "from: [securityhub]",
        "23:16: from is of own, conformance-pack, guard-registry, security-hub, cdk-nag, prowler, steampipe, imported, not \"securityhub\"; did you mean security-hub?",
    ),
    (
        "parent: A.1",
        "parent: A.9",
        "16:13: the framework has no control \"A.9\"; did you mean A.1?",
    ),
    (
        "parent: A.1",
        "parent: A.1.a",
        "16:13: parents in a circle: A.1.a → A.1.a",
    ),
    (
        "    set: A\n    title: Keys",
        "    set: B\n    parent: A.1.a\n    title: Keys",
        "9:10: the framework has no control set \"B\"\n10:13: parents in a circle: A.1 → A.1.a → A.1",
    ),
    (
        "groups: [core]",
        "groups: [cores]",
        "11:14: the framework has no group \"cores\"; did you mean core?",
    ),
    (
        "  - id: A.2",
        "  - id: A.1",
        "29:9: control A.1 is given twice, first on line 8",
    ),
    (
        "    because: people review\n",
        "",
        "32:15: control A.2 has no because: say why its coverage is not full",
    ),
    (
        "    evidence: [review record]\n",
        "",
        "32:15: control A.2 is manual, and names no evidence",
    ),
    (
        "evidence: [review record]",
        "rules: [restricted-ssh]",
        "32:15: control A.2 is manual, and names rules: then its coverage is partial",
    ),
    (
        "coverage: manual",
        "coverage: not-automated",
        "32:15: control A.2 is not automated, and names rules, calls or evidence",
    ),
    (
        "[IAM.15]",
        "[IAM-15]",
        "25:20: \"IAM-15\" is no Security Hub control, such as IAM.6",
    ),
    (
        "iam_GetAccountPasswordPolicy",
        "iam:GetAccountPasswordPolicy",
        "26:17: \"iam:GetAccountPasswordPolicy\" is no API call, such as iam_ListUsers",
    ),
    (
        "[UpdateAccountPasswordPolicy]",
        "[iam.amazonaws.com]",
        "27:18: \"iam.amazonaws.com\" is no CloudTrail event, such as CreateUser",
    ),
    (
        "[ACCESS_KEYS_ROTATED]",
        "[ACCESS_KEYS_ROTATED, access-keys-rotated]",
        "13:34: control A.1 names the rule access-keys-rotated twice",
    ),
    (
        "{ id: A, title: Access }",
        "{ id: A, title: Access }\n  - { id: C, title: Empty }",
        "7:5: control set \"C\" has no control",
    ),
    (
        "title: Keys are young",
        "title: [Keys]",
        "10:12: title is a list, expected a text",
    ),
    (
        "[core]\n",
        "core\n",
        "11:13: groups is a scalar, expected a list",
    ),
];

#[test]
fn each_mistake_is_named_with_its_place() {
    for (from, to, wanted) in MISTAKES {
        assert_eq!(problems(from, to), *wanted, "{from} → {to}");
    }
}

#[test]
fn longer_circles_are_named_once() {
    let mut text = String::from(
        "framework: x\nversion: '1'\ntitle: X\nsets: [{ id: S, title: S }]\ncontrols:\n",
    );
    for (id, parent) in [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")] {
        text.push_str("  - { id: ");
        text.push_str(id);
        text.push_str(", set: S, title: T, coverage: manual, because: b, evidence: [e], parent: ");
        text.push_str(parent);
        text.push_str(" }\n");
    }
    let problems = load(&text).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].message.ends_with("a → b → c → a"),
        "{problems:?}"
    );
}

#[test]
fn what_is_no_framework_is_one_clear_error() {
    for (text, wanted) in [
        ("", "1:1: a framework is nothing, expected a mapping"),
        ("[]", "1:1: a framework is a list, expected a mapping"),
        ("{\"framework\": 3", "not YAML"),
    ] {
        let problems = load(text).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].to_string().contains(wanted), "{problems:?}");
    }
}
