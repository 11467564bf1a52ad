//! A cache holds what an API answered, which is often what must not lie about in the clear.
//!
//! ## Result
//! - COMPLIANT: the stage has a cache, and every method caches in it and encrypts what it caches.
//! - NON_COMPLIANT: the stage has no cache, or a method doesn't use it or doesn't encrypt.
//! - INSUFFICIENT_DATA: the stage was not read.
//!
//! Methods without settings of their own have those of `*/*`. Where the stage has no `*/*`, they
//! don't cache, and the stage fails, even if every method has settings of its own: the item doesn't
//! tell.
//!
//! ## What to do
//! Turn on the cache and its encryption for all methods of the stage, and turn caching off only
//! where an answer differs from caller to caller; the rule then fails, and an exception says why.
//!
//! ## Source
//! AWS Config developer guide, managed rule `api-gw-cache-enabled-and-encrypted`.

use crate::predicates::methods;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "api-gw-cache-enabled-and-encrypted",
    identifier: Identifier::FromId,
    version: 1,
    title: "API Gateway stages cache every method, encrypted",
    resource_types: &[ResourceType::ApiGatewayStage],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(CLUSTER), own(SETTINGS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const CLUSTER: Path = path("configuration.cacheClusterEnabled");
const SETTINGS: Path = path("configuration.methodSettings");

fn check<'a>(stage: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let cluster = stage.boolean(CLUSTER)?;
    if cluster != Some(true) {
        return Ok(Evaluation::non_compliant(CLUSTER, cluster, true));
    }
    let caches_encrypted = |setting: Node<'a>| {
        setting.boolean("cachingEnabled") == Some(true)
            && setting.boolean("cacheDataEncrypted") == Some(true)
    };
    if let Some(key) = methods::first_failing(stage.node(SETTINGS)?, caches_encrypted) {
        let found = format!("without an encrypted cache for {key}");
        let expected = "an encrypted cache for every method";
        return Ok(Evaluation::non_compliant(SETTINGS, found, expected));
    }
    Ok(Evaluation::compliant(
        SETTINGS,
        "an encrypted cache for every method",
    ))
}
