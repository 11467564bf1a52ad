//! Whether Security Hub is on in a Region.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "securityhub",
    scope: Scope::Regional,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[],
    // Security Hub calls an account that it isn't on for unsubscribed (prowler-cloud/prowler#1590,
    // joshlarsen/aws-recon#65); the other code is the API reference's.
    account: &[
        fact("DescribeHub").absent_on(&["InvalidAccessException", "ResourceNotFoundException"])
    ],
};
