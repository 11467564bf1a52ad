//! The block keeps clusters from starting with a security group that lets the internet in,
//! whatever the person who starts them chose.
//!
//! ## Result
//! - COMPLIANT: public access is blocked, and no port but 22 is excepted.
//! - NON_COMPLIANT: it is not blocked or nothing is set, or an exception holds another port than
//!   22.
//! - INSUFFICIENT_DATA: the account's setting in this Region was not read.
//!
//! ## What to do
//! Turn the block on in each Region, and take exceptions for other ports than 22 out. Clusters
//! that run go on running.
//!
//! ## Source
//! AWS Config developer guide, managed rule `emr-block-public-access`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "emr-block-public-access",
    identifier: Identifier::FromId,
    version: 1,
    title: "EMR blocks public access in the account",
    resource_types: &[ResourceType::Account],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(BLOCKS), own(EXCEPTIONS)],
    severity: Severity::Critical,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const BLOCKS: Path = path(
    "supplementaryConfiguration.GetBlockPublicAccessConfiguration.BlockPublicAccessConfiguration.BlockPublicSecurityGroupRules",
);
const EXCEPTIONS: Path = path(
    "supplementaryConfiguration.GetBlockPublicAccessConfiguration.BlockPublicAccessConfiguration.PermittedPublicSecurityGroupRuleRanges",
);

const SSH: i64 = 22;

fn check<'a>(account: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let blocks = account.boolean(BLOCKS)?;
    if blocks != Some(true) {
        return Ok(Evaluation::non_compliant(BLOCKS, blocks, true));
    }
    for range in account.list(EXCEPTIONS)? {
        let from = range.integer("MinRange");
        // EMR takes a range without an end for a single port.
        let to = range.integer("MaxRange").or(from);
        if from != Some(SSH) || to != Some(SSH) {
            return Ok(Evaluation::non_compliant(
                EXCEPTIONS,
                *range,
                "port 22 only",
            ));
        }
    }
    Ok(Evaluation::compliant(BLOCKS, blocks))
}
