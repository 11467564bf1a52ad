//! An API key is a password that every client shares, and that every client can leak.
//!
//! ## Result
//! - COMPLIANT: the API's way of authorization, and each that it has beside it, is one that
//!   `AllowedAuthorizationTypes` names.
//! - NON_COMPLIANT: one of them is not named.
//! - INSUFFICIENT_DATA: the API was not read, or the parameter, which AWS requires, has no value.
//!
//! ## What to do
//! Give the API a way of authorization that knows who asks, such as IAM or a Cognito user pool,
//! move the clients to it, and take the other away.
//!
//! ## Source
//! AWS Config developer guide, managed rule `appsync-authorization-check`.

use crate::predicates::{lists, unread};
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "appsync-authorization-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "AppSync APIs authorize in allowed ways only",
    resource_types: &[ResourceType::AppSyncGraphQlApi],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: ALLOWED,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(TYPE), own(PROVIDERS)],
    severity: Severity::High,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const TYPE: Path = path("configuration.AuthenticationType");
const PROVIDERS: Path = path("configuration.AdditionalAuthenticationProviders");

const ALLOWED: &str = "AllowedAuthorizationTypes";

fn check<'a>(api: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let allowed = params.required_list(ALLOWED)?;
    let Some(default) = api.text(TYPE)? else {
        return Err(unread::not_collected(TYPE));
    };
    if !lists::allows(allowed, default) {
        let expected = allowed.join(" or ");
        return Ok(Evaluation::non_compliant(TYPE, default, expected));
    }
    let mut types = vec![default];
    for provider in api.list(PROVIDERS)? {
        let Some(kind) = unread::text(PROVIDERS, *provider, "AuthenticationType")? else {
            return Err(unread::not_collected(PROVIDERS));
        };
        if !lists::allows(allowed, kind) {
            let expected = allowed.join(" or ");
            return Ok(Evaluation::non_compliant(PROVIDERS, kind, expected));
        }
        types.push(kind);
    }
    Ok(Evaluation::compliant(TYPE, lists::shown(&types)))
}
