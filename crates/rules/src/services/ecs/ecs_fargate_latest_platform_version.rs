//! Fargate's platform is patched with each version; a service that stays on an old one runs without
//! those patches.
//!
//! ## Result
//! - COMPLIANT: the service's platform version is `LATEST`, or the one that `latestLinuxVersion` or
//!   `latestWindowsVersion` names. AWS Config doesn't record which of the two a service runs on.
//! - NON_COMPLIANT: it is another one or not set.
//! - NOT_APPLICABLE: nothing of the service runs on Fargate: neither its launch type nor a capacity
//!   provider of it is Fargate's.
//! - INSUFFICIENT_DATA: the service was not read, or says nothing about where it runs.
//!
//! ## What to do
//! Set the service's platform version to `LATEST` and let it deploy anew: tasks keep the version
//! that they were started with.
//!
//! ## Source
//! AWS Config developer guide, managed rule `ecs-fargate-latest-platform-version`.

use crate::predicates::unread::not_collected;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "ecs-fargate-latest-platform-version",
    identifier: Identifier::FromId,
    version: 1,
    title: "ECS services on Fargate run the latest platform version",
    resource_types: &[ResourceType::EcsService],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: LINUX,
            kind: Kind::Text,
            default: None,
        },
        Parameter {
            name: WINDOWS,
            kind: Kind::Text,
            default: None,
        },
    ],
    reads: &[own(LAUNCH_TYPE), own(PROVIDERS), own(VERSION)],
    severity: Severity::Medium,
    category: Category::VulnerabilityPatchAndVersionManagement,
    remedy: Remedy::Steps,
    check,
};

const LAUNCH_TYPE: Path = path("configuration.LaunchType");
const PROVIDERS: Path = path("configuration.CapacityProviderStrategy[*].CapacityProvider");
const VERSION: Path = path("configuration.PlatformVersion");

const LINUX: &str = "latestLinuxVersion";
const WINDOWS: &str = "latestWindowsVersion";

fn check<'a>(service: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let launch_type = service.text(LAUNCH_TYPE)?;
    let providers = service.each(PROVIDERS)?;
    let is_fargate = |name: &str| matches!(name, "FARGATE" | "FARGATE_SPOT");
    let mut names = providers.iter().filter_map(|provider| provider.as_text());
    if !launch_type.is_some_and(is_fargate) && !names.any(is_fargate) {
        let because = "nothing of the service runs on Fargate";
        return match (launch_type, providers.first()) {
            (None, None) => Err(not_collected(LAUNCH_TYPE)),
            (None, Some(provider)) => Ok(Evaluation::not_applicable(PROVIDERS, *provider, because)),
            (Some(_), _) => Ok(Evaluation::not_applicable(
                LAUNCH_TYPE,
                launch_type,
                because,
            )),
        };
    }
    let version = service.text(VERSION)?;
    let newest = [LINUX, WINDOWS].map(|name| params.optional_text(name));
    let newest = [Some("LATEST")].into_iter().chain(newest).flatten();
    if !newest.clone().any(|newest| version == Some(newest)) {
        let expected = newest.collect::<Vec<_>>().join(" or ");
        return Ok(Evaluation::non_compliant(VERSION, version, expected));
    }
    Ok(Evaluation::compliant(VERSION, version))
}
