//! A key that everybody may use protects nothing, and one that everybody may change can be lost.
//!
//! ## Result
//! - COMPLIANT: each statement of the policy that allows something does so for fixed principals, or
//!   under a condition that leaves only fixed accounts, organizations, networks or resources.
//! - NON_COMPLIANT: one allows something to everybody: with wildcards or policy variables in its
//!   principals and conditions, with `NotPrincipal`, or for people who log in elsewhere.
//! - INSUFFICIENT_DATA: the policy was not read, or can't be understood: every key has one.
//!
//! What other statements deny doesn't count. `kms:CallerAccount` with a fixed account is such a
//! condition; `kms:ViaService` is none.
//!
//! ## What to do
//! Name the principals in the key policy, or limit them with `aws:PrincipalOrgID` or
//! `kms:CallerAccount`.
//!
//! ## Source
//! AWS Config developer guide, managed rule `kms-key-policy-no-public-access`.

use crate::predicates::resource_policy;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "kms-key-policy-no-public-access",
    identifier: Identifier::FromId,
    version: 1,
    title: "Key policies let nobody in but those they name",
    resource_types: &[ResourceType::KmsKey],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(POLICY)],
    severity: Severity::Critical,
    category: Category::SecureNetworkConfiguration,
    remedy: Remedy::Steps,
    check,
};

const POLICY: Path = path("supplementaryConfiguration.Policy");

fn check<'a>(key: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    resource_policy::judge(key, POLICY, key.node(POLICY)?)
}
