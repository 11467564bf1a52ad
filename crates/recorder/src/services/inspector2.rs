//! What Amazon Inspector scans of the account in a Region.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "inspector2",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[],
    account: &[fact("BatchGetAccountStatus").with(&[("accountIds", Param::Items("{account}"))])],
};
