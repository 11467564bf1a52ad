//! A cache keeps the answers of resolvers, and so whatever the data sources hold.
//!
//! ## Result
//! - COMPLIANT: `AtRestEncryptionEnabled` is true.
//! - NON_COMPLIANT: it is false or not set.
//! - INSUFFICIENT_DATA: the cache was not read.
//!
//! ## What to do
//! The setting can't be changed: delete the cache and create it again with encryption. Until
//! then the API asks its data sources each time.
//!
//! ## Source
//! AWS Config developer guide, managed rule `appsync-cache-ct-encryption-at-rest`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "appsync-cache-ct-encryption-at-rest",
    identifier: Identifier::FromId,
    version: 1,
    title: "AppSync caches are encrypted at rest",
    resource_types: &[ResourceType::AppSyncApiCache],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(AT_REST)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const AT_REST: Path = path("configuration.AtRestEncryptionEnabled");

fn check<'a>(cache: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encryption = cache.boolean(AT_REST)?;
    if encryption != Some(true) {
        return Ok(Evaluation::non_compliant(AT_REST, encryption, true));
    }
    Ok(Evaluation::compliant(AT_REST, encryption))
}
