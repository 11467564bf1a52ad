//! A key in KMS shows in CloudTrail who decrypts what, and can be taken away; the key that AWS owns
//! can't.
//!
//! ## Result
//! - COMPLIANT: encryption with KMS is `ENABLED`; with one of the keys in `kmsKeyArns`, where it
//!   names any.
//! - NON_COMPLIANT: the table has the default encryption with a key that AWS owns, its encryption
//!   with KMS is in any state but `ENABLED`, or the key is another.
//! - INSUFFICIENT_DATA: the table was not read.
//!
//! ## What to do
//! Choose a KMS key for the table; reads and writes go on while it changes. The role of every
//! reader then needs the key's permission.
//!
//! ## Source
//! AWS Config developer guide, managed rule `dynamodb-table-encrypted-kms`.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "dynamodb-table-encrypted-kms",
    identifier: Identifier::FromId,
    version: 1,
    title: "DynamoDB tables are encrypted with a KMS key of the account",
    resource_types: &[ResourceType::DynamoDbTable],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KEYS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(TYPE), own(STATUS), own(KEY)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Automation("AWSConfigRemediation-EnableEncryptionOnDynamoDBTable"),
    check,
};

const TYPE: Path = path("configuration.ssedescription.ssetype");
const STATUS: Path = path("configuration.ssedescription.status");
const KEY: Path = path("configuration.ssedescription.kmsmasterKeyArn");

const KEYS: &str = "kmsKeyArns";

fn check<'a>(table: &ConfigurationItem<'a>, params: &Params, _: &Context<'a>) -> Verdict<'a> {
    let kind = table.text(TYPE)?;
    if kind != Some("KMS") {
        return Ok(Evaluation::non_compliant(TYPE, kind, "KMS"));
    }
    let status = table.text(STATUS)?;
    if status != Some("ENABLED") {
        return Ok(Evaluation::non_compliant(STATUS, status, "ENABLED"));
    }
    if let Some(failure) = kms::other_key(table, KEY, params.list(KEYS))? {
        return Ok(failure);
    }
    Ok(Evaluation::compliant(TYPE, kind))
}
