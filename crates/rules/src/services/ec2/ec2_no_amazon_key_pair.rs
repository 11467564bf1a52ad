//! Whoever holds a key pair's private key can log in, and nobody sees who did.
//!
//! ## Result
//! - COMPLIANT: the running instance was launched without a key pair.
//! - NON_COMPLIANT: the running instance was launched with a key pair.
//! - NOT_APPLICABLE: the instance is not running.
//! - INSUFFICIENT_DATA: the instance was not read.
//!
//! ## What to do
//! Launch the instance anew without a key pair, and log in with Session Manager. A key can't be
//! taken from a running instance in any way that this rule would see.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ec2-no-amazon-key-pair`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ec2-no-amazon-key-pair",
    identifier: Identifier::FromId,
    version: 1,
    title: "Running EC2 instances were launched without a key pair",
    resource_types: &[ResourceType::Ec2Instance],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(STATE), own(KEY)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const STATE: Path = path("configuration.state.name");
const KEY: Path = path("configuration.keyName");

fn check<'a>(instance: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let state = instance.text(STATE)?;
    if state != Some("running") {
        return Ok(Evaluation::not_applicable(
            STATE,
            state,
            "the instance is not running",
        ));
    }
    let key = instance.text(KEY)?;
    if key.is_some_and(|key| !key.is_empty()) {
        return Ok(Evaluation::non_compliant(KEY, key, "no key pair"));
    }
    Ok(Evaluation::compliant(KEY, key))
}
