//! What AWS Organizations says of the account.

use crate::declare::prelude::*;

pub(crate) static SERVICE: Service = Service {
    model: "organizations",
    scope: Scope::Global,
    calls_per_second: crate::declare::UNPUBLISHED,
    collectors: &[],
    account: &[fact("DescribeOrganization")
        .global()
        .absent_on(&["AWSOrganizationsNotInUseException"])],
};
