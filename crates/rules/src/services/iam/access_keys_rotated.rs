//! A key that never changes gives whoever once copied it access for ever.
//!
//! ## Result
//! - COMPLIANT: every active access key of the user is at most `maxAccessKeyAge` days old; so is a
//!   user without active keys.
//! - NON_COMPLIANT: an active access key is older.
//! - INSUFFICIENT_DATA: the user's access keys were not read.
//!
//! Whole days count: a key fails once its age is a full day over the limit. An active key without a
//! date fails.
//!
//! ## What to do
//! Create a second key, move what uses the old one, deactivate the old one, and delete it when
//! nothing broke. A role needs no key at all.
//!
//! ## Source
//! AWS Config developer guide, managed rule `access-keys-rotated`.

use crate::evaluation::Place;
use crate::predicates::age;
use crate::prelude::*;
use posture_model::time;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "access-keys-rotated",
    identifier: Identifier::FromId,
    version: 1,
    title: "Active access keys are younger than the limit",
    resource_types: &[ResourceType::IamUser],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: MAX_AGE,
        kind: Kind::Integer,
        default: Some("90"),
    }],
    reads: &[own(KEYS)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("ASR-RevokeUnrotatedKeys"),
    check,
};

const KEYS: Path = path("supplementaryConfiguration.ListAccessKeys.AccessKeyMetadata[*]");

const MAX_AGE: &str = "maxAccessKeyAge";

fn check<'a>(user: &ConfigurationItem<'a>, params: &Params, context: &Context<'a>) -> Verdict<'a> {
    let limit = params.integer(MAX_AGE)?;
    for (index, key) in user.each(KEYS)?.into_iter().enumerate() {
        if key.text("Status") == Some("Inactive") {
            continue;
        }
        let place = Place::element(KEYS, index);
        let created = key.get("CreateDate").and_then(time::read);
        let old = created.map(|time| context.days_since(time));
        if old.is_none_or(|days| days > limit) {
            let found = old.map(|days| format!("{} old", age::days(days)));
            let expected = format!("at most {} old", age::days(limit));
            return Ok(Evaluation::non_compliant(place, found, expected));
        }
    }
    Ok(Evaluation::compliant(
        KEYS,
        format!("at most {} old where active", age::days(limit)),
    ))
}
