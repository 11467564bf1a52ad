//! A secret that nobody reads protects nothing, and still opens something.
//!
//! ## Result
//! - COMPLIANT: the secret was last read `unusedForDays` days ago or fewer.
//! - NON_COMPLIANT: it was last read more days ago. A secret that was never read is as unused as it
//!   is old.
//! - INSUFFICIENT_DATA: the secret's dates were not read. AWS Config does not record them.
//!
//! ## What to do
//! Ask who owns the secret. Delete it with a recovery window, and revoke what it opens.
//!
//! ## Source
//! AWS Config developer guide, managed rule `secretsmanager-secret-unused`.

use crate::predicates::age;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "secretsmanager-secret-unused",
    identifier: Identifier::FromId,
    version: 1,
    title: "Secrets are in use",
    resource_types: &[ResourceType::SecretsManagerSecret],
    trigger: Trigger::Periodic,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: MAX_DAYS,
        kind: Kind::Integer,
        default: Some("90"),
    }],
    reads: &[own(ACCESSED), own(CREATED)],
    severity: Severity::Medium,
    category: Category::SecureAccessManagement,
    remedy: Remedy::Automation("AWSConfigRemediation-DeleteSecret"),
    check,
};

const ACCESSED: Path = path("supplementaryConfiguration.DescribeSecret.LastAccessedDate");
const CREATED: Path = path("supplementaryConfiguration.DescribeSecret.CreatedDate");

const MAX_DAYS: &str = "unusedForDays";

fn check<'a>(secret: &ConfigurationItem<'a>, params: &Params, at: &Context<'a>) -> Verdict<'a> {
    age::judge(secret, at, [ACCESSED, CREATED], params.integer(MAX_DAYS)?)
}
