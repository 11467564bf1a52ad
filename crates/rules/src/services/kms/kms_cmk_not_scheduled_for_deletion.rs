//! What a deleted key encrypted is gone for good.
//!
//! ## Result
//! - COMPLIANT: the key is not scheduled for deletion.
//! - NON_COMPLIANT: the key's state is `PendingDeletion`, or `PendingReplicaDeletion`: a primary key
//!   whose deletion starts when its last replica is gone. A key without a state, or in one that KMS
//!   does not document, fails too.
//! - NOT_APPLICABLE: `kmsKeyIds` is given and doesn't name the key.
//! - INSUFFICIENT_DATA: the key was not read.
//!
//! ## What to do
//! Find out whether anything still needs the key; CloudTrail shows its last uses. Cancel the
//! deletion if so, and disable the key instead: that can be undone.
//!
//! ## Source
//! AWS Config developer guide, managed rule `kms-cmk-not-scheduled-for-deletion`; KMS developer
//! guide, key states.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "kms-cmk-not-scheduled-for-deletion",
    identifier: Identifier::FromId,
    version: 1,
    title: "KMS keys are not scheduled for deletion",
    resource_types: &[ResourceType::KmsKey],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KEYS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(ARN), own(STATE)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-CancelKeyDeletion"),
    check,
};

const ARN: Path = path("configuration.arn");
const STATE: Path = path("configuration.keyState");

const KEYS: &str = "kmsKeyIds";
/// The states of keys that nothing will delete.
const KEPT: [&str; 6] = [
    "Creating",
    "Disabled",
    "Enabled",
    "PendingImport",
    "Unavailable",
    "Updating",
];

fn check<'a>(key: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let named = params.list(KEYS);
    if !named.is_empty() {
        let arn = key.text(ARN)?;
        if !arn.is_some_and(|arn| named.iter().any(|wanted| kms::is_same_key(wanted, arn))) {
            let because = format!("the rule is for {}", named.join(", "));
            return Ok(Evaluation::not_applicable(ARN, arn, because));
        }
    }
    let state = key.text(STATE)?;
    if !state.is_some_and(|state| KEPT.contains(&state)) {
        let expected = "a key that is not scheduled for deletion";
        return Ok(Evaluation::non_compliant(STATE, state, expected));
    }
    Ok(Evaluation::compliant(STATE, state))
}
