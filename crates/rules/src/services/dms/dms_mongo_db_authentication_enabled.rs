//! A MongoDB server that DMS reads without a password is one that anybody who reaches it can read.
//!
//! ## Result
//! - COMPLIANT: `MongoDbSettings.AuthType` is `password`.
//! - NON_COMPLIANT: the type is `no` or not set.
//! - NOT_APPLICABLE: the endpoint is not for MongoDB.
//! - INSUFFICIENT_DATA: the endpoint was not read.
//!
//! ## What to do
//! Turn access control on at the MongoDB server, make a user for DMS, set the endpoint's
//! authentication to a password, and test the connection.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dms-mongo-db-authentication-enabled`; DMS API
//! reference, `MongoDbSettings`, for the types.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dms-mongo-db-authentication-enabled",
    identifier: Identifier::FromId,
    version: 1,
    title: "DMS endpoints for MongoDB authenticate with a password",
    resource_types: &[ResourceType::DmsEndpoint],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(ENGINE), own(AUTHENTICATION)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const ENGINE: Path = path("configuration.EngineName");
const AUTHENTICATION: Path = path("configuration.MongoDbSettings.AuthType");

fn check<'a>(endpoint: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let engine = endpoint.text(ENGINE)?;
    if engine != Some("mongodb") {
        return Ok(Evaluation::not_applicable(
            ENGINE,
            engine,
            "the rule is for mongodb",
        ));
    }
    let authentication = endpoint.text(AUTHENTICATION)?;
    if authentication != Some("password") {
        return Ok(Evaluation::non_compliant(
            AUTHENTICATION,
            authentication,
            "password",
        ));
    }
    Ok(Evaluation::compliant(AUTHENTICATION, authentication))
}
