//! Oracle: what AWS's pages say of the standards; the controls that ASR's findings name.

use posture_content::standards::embedded;

#[test]
fn each_standard_has_the_controls_that_security_hub_gives_it() {
    let standards = embedded().unwrap();
    let counts: Vec<(&str, usize)> = standards
        .standards()
        .iter()
        .map(|standard| (standard.name.as_str(), standard.controls.len()))
        .collect();
    // CIS v5.0.0: cis-aws-foundations-benchmark.html in 2026; the others: the export of 2025-03-25, and SSM.7 since.
    assert_eq!(
        counts,
        [
            ("cis-v1.2.0", 42),
            ("cis-v1.4.0", 39),
            ("cis-v3.0.0", 37),
            ("cis-v5.0.0", 40),
            ("fsbp", 307),
            ("nist-800-53-r5", 291),
            ("pci-dss-v3.2.1", 44),
            ("pci-dss-v4.0.1", 144),
            ("resource-tagging", 122),
        ]
    );
    let cis = standards.standard("cis-v5.0.0").unwrap();
    assert_eq!(
        cis.controls.get("EC2.7").unwrap(),
        &["CIS AWS Foundations Benchmark v5.0.0/5.1.1"]
    );
}

#[test]
fn a_generator_names_its_control_in_every_form_there_was() {
    let standards = embedded().unwrap();
    for (generator, control) in [
        ("security-control/iam.9", "IAM.9"),
        ("pci-dss/v/3.2.1/PCI.IAM.6", "IAM.19"),
        (
            "arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/1.3",
            "IAM.8",
        ),
        (
            "aws-foundational-security-best-practices/v/1.0.0/S3.1",
            "S3.1",
        ),
        ("cis-aws-foundations-benchmark/v/1.4.0/2.1.5.2", "S3.8"),
        ("service-managed-aws-control-tower/v/1.0.0/SH.S3.4", "S3.4"),
    ] {
        let found = standards.control_of_generator(generator);
        assert_eq!(found.unwrap().id, control, "{generator}");
    }
    let other = standards.control_of_generator("arn:aws:guardduty:us-east-1:1:detector/S3.1");
    assert_eq!(other, None);
}

#[test]
fn every_rule_of_a_standard_s_pack_can_run() {
    let standards = embedded().unwrap();
    for standard in standards.standards() {
        let pack = standards.pack(standard);
        for rule in &pack.rules {
            assert!(
                rule.resolve().is_ok_and(|found| found.is_some()),
                "{rule:?}"
            );
        }
        if standard.name == "fsbp" {
            assert!(pack.rules.len() > 150, "{}", pack.rules.len());
        }
    }
}

#[test]
fn a_rule_s_parameters_tell_the_controls_apart_that_share_it() {
    let standards = embedded().unwrap();
    let found: Vec<(&str, &str)> = standards
        .controls_of_rule("IAM_USER_UNUSED_CREDENTIALS_CHECK")
        .map(|control| {
            let age = control.parameters.get("maxCredentialUsageAge").unwrap();
            (control.id.as_str(), age.as_str())
        })
        .collect();
    assert_eq!(found, [("IAM.8", "90"), ("IAM.22", "45")]);
    // A retired control shares nothing.
    for (id, is_implemented) in [
        ("Config.1", false),
        ("EC2.19", true),
        ("IAM.15", true),
        ("AutoScaling.5", true),
    ] {
        let control = standards.control(id).unwrap();
        let found = standards.implementation(control);
        assert_eq!(found.is_some(), is_implemented, "{id}");
    }
}

/// AWS names a rule by its identifier, controls name it by its name, and for some these are two words.
#[test]
fn a_rule_s_controls_are_found_by_its_identifier_too() {
    let standards = embedded().unwrap();
    let mut pairs = 0;
    for entry in posture_rules::catalogue::entries() {
        let ids = |rule: &str| -> Vec<String> {
            let controls = standards.controls_of_rule(rule);
            controls.map(|control| control.id.clone()).collect()
        };
        let by_name = ids(entry.rule.id);
        assert_eq!(by_name, ids(&entry.rule.identifier()), "{}", entry.rule.id);
        pairs += by_name.len();
    }
    assert!(pairs > 150, "{pairs}");
    let mut of_ssh = standards.controls_of_rule("INCOMING_SSH_DISABLED");
    assert_eq!(of_ssh.next().unwrap().id, "EC2.13");
}
