//! Whom AWS writes to about the account's security.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "account",
    scope: Scope::Global,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[],
    account: &[fact("GetAlternateContact")
        .global()
        .with(&[("AlternateContactType", Param::Json("\"SECURITY\""))])
        .absent_on(&["ResourceNotFoundException"])],
};
