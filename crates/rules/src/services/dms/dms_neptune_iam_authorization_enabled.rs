//! With IAM authorization only the endpoint's role can load data into the graph; without it, anybody
//! who reaches the database can.
//!
//! ## Result
//! - COMPLIANT: `NeptuneSettings.IamAuthEnabled` is `true`.
//! - NON_COMPLIANT: it is `false` or not set.
//! - NOT_APPLICABLE: the endpoint is not for Neptune.
//! - INSUFFICIENT_DATA: the endpoint was not read.
//!
//! ## What to do
//! Turn IAM authentication on at the Neptune cluster, give the endpoint's service role the permission
//! to connect to it, and turn IAM authorization on at the endpoint.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dms-neptune-iam-authorization-enabled`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dms-neptune-iam-authorization-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "DMS endpoints for Neptune use IAM authorization",
    resource_types: &[ResourceType::DmsEndpoint],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(IAM)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.EngineName");
const IAM: Path = path("configuration.NeptuneSettings.IamAuthEnabled");

fn check<'a>(endpoint: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = endpoint.text(ENGINE)?;
    if engine != Some("neptune") {
        return Ok(Evaluation::not_applicable(
            ENGINE,
            engine,
            "the rule is for neptune",
        ));
    }
    let iam = endpoint.boolean(IAM)?;
    if iam != Some(true) {
        return Ok(Evaluation::non_compliant(IAM, iam, true));
    }
    Ok(Evaluation::compliant(IAM, iam))
}
