//! Whether the account has Shield Advanced, and who may help it.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "shield",
    scope: Scope::Global,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[],
    account: &[
        // An account without a subscription gave access to nobody.
        fact("DescribeDRTAccess")
            .global()
            .absent_on(&["ResourceNotFoundException"]),
        fact("GetSubscriptionState").global(),
    ],
};
