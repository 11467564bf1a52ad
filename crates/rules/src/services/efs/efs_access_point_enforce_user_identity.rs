//! Without an identity of its own, an access point lets every client say who it is.
//!
//! ## Result
//! - COMPLIANT: the access point has a POSIX user and group; those that `approvedUids` and
//!   `approvedGids` name, where they do. The guide says nothing of secondary groups: they are not
//!   looked at.
//! - NON_COMPLIANT: it has none, or others.
//! - INSUFFICIENT_DATA: the access point was not read.
//!
//! ## What to do
//! An access point can't be changed: make another one with a POSIX user, and mount that one.
//!
//! ## Source
//! AWS Config developer guide, managed rule `efs-access-point-enforce-user-identity`.

use crate::predicates::lists;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "efs-access-point-enforce-user-identity",
    identifier: Identifier::FromId,
    version: 1,
    title: "EFS access points enforce a user identity",
    resource_types: &[ResourceType::EfsAccessPoint],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[
        Parameter {
            name: UIDS,
            kind: Kind::List,
            default: None,
        },
        Parameter {
            name: GIDS,
            kind: Kind::List,
            default: None,
        },
    ],
    reads: &[own(UID), own(GID)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Steps,
    check,
};

const UID: Path = path("configuration.PosixUser.Uid");
const GID: Path = path("configuration.PosixUser.Gid");

const UIDS: &str = "approvedUids";
const GIDS: &str = "approvedGids";

fn check<'a>(point: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let uid = point.text(UID)?;
    if let Some(expected) = lists::unmet(uid.as_slice(), params.list(UIDS), "a POSIX user") {
        return Ok(Evaluation::non_compliant(UID, uid, expected));
    }
    let gid = point.text(GID)?;
    if let Some(expected) = lists::unmet(gid.as_slice(), params.list(GIDS), "a POSIX group") {
        return Ok(Evaluation::non_compliant(GID, gid, expected));
    }
    Ok(Evaluation::compliant(UID, uid))
}
