//! Between an API and its cache go the answers of resolvers, whole.
//!
//! ## Result
//! - COMPLIANT: `TransitEncryptionEnabled` is true.
//! - NON_COMPLIANT: it is false or not set.
//! - INSUFFICIENT_DATA: the cache was not read.
//!
//! ## What to do
//! The setting can't be changed: delete the cache and create it again with encryption. Until
//! then the API asks its data sources each time.
//!
//! ## Source
//! AWS Config developer guide, managed rule `appsync-cache-ct-encryption-in-transit`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "appsync-cache-ct-encryption-in-transit",
    identifier: Identifier::FromId,
    version: 1,
    title: "AppSync caches are encrypted in transit",
    resource_types: &[ResourceType::AppSyncApiCache],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(IN_TRANSIT)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const IN_TRANSIT: Path = path("configuration.TransitEncryptionEnabled");

fn check<'a>(cache: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let encryption = cache.boolean(IN_TRANSIT)?;
    if encryption != Some(true) {
        return Ok(Evaluation::non_compliant(IN_TRANSIT, encryption, true));
    }
    Ok(Evaluation::compliant(IN_TRANSIT, encryption))
}
