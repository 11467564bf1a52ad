//! What Macie says of the account in a Region.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "macie2",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[],
    account: &[
        fact("GetMacieSession").absent_on(OFF),
        fact("GetAutomatedDiscoveryConfiguration").absent_on(OFF),
        fact("GetAdministratorAccount").absent_on(OFF),
    ],
};

/// Where Macie was never turned on it answers every call so; without these words it means that a
/// permission is missing.
const OFF: &[&str] = &["AccessDeniedException: Macie is not enabled"];
