//! A key of your own can be taken from everybody at once; AWS's key for secrets can't.
//!
//! ## Result
//! - COMPLIANT: the secret is encrypted with a customer managed key of its own account; with one
//!   that `kmsKeyArns` names, where it is given.
//! - NON_COMPLIANT: it is encrypted with `aws/secretsmanager`, with another account's key, or with a
//!   key that is not named. A key that the secret names by alias matches no ARN.
//! - INSUFFICIENT_DATA: the secret was not read; or the account's KMS keys were not, which alone
//!   tell whether a key is AWS's or the customer's.
//!
//! ## What to do
//! Make a key for secrets, and set it on the secret; the next version is encrypted with it. Readers
//! need `kms:Decrypt` on the key.
//!
//! ## Source
//! AWS Config developer guide, managed rule `secretsmanager-using-cmk`.

use crate::predicates::kms;
use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "secretsmanager-using-cmk",
    identifier: Identifier::FromId,
    version: 1,
    title: "Secrets are encrypted with customer managed keys",
    resource_types: &[ResourceType::SecretsManagerSecret],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[Parameter {
        name: KEYS,
        kind: Kind::List,
        default: None,
    }],
    reads: &[own(KEY), Read::Other(KMS_KEYS)],
    severity: Severity::Medium,
    category: Category::DataProtection,
    remedy: Remedy::Steps,
    check,
};

const KEY: Path = path("configuration.KMSKeyId");
const ID: Path = path("configuration.keyId");
const MANAGER: Path = path("configuration.keyManager");
const KMS_KEYS: Other = other(ResourceType::KmsKey, By::Value(ID), &[MANAGER]);

const KEYS: &str = "kmsKeyArns";

fn check<'a>(secret: &ConfigurationItem<'a>, params: &Params, at: &Context<'a>) -> Verdict<'a> {
    let expected = "a customer managed key of the account";
    let key = match secret.text(KEY)? {
        Some(key) if !key.contains("alias/aws/") => key,
        key => return Ok(Evaluation::non_compliant(KEY, key, expected)),
    };
    let account = key.starts_with("arn:").then(|| key.split(':').nth(4));
    if account.is_some_and(|account| account != Some(secret.account_id())) {
        return Ok(Evaluation::non_compliant(KEY, key, expected));
    }
    let allowed = params.list(KEYS);
    if !allowed.is_empty() && !allowed.iter().any(|arn| kms::is_same_key(key, arn)) {
        let expected = allowed.join(" or ");
        return Ok(Evaluation::non_compliant(KEY, key, expected));
    }
    // AWS reserves `alias/aws/`, so an alias without it is a customer's.
    if key.contains("alias/") {
        return Ok(Evaluation::compliant(KEY, key));
    }
    let id = key.rsplit_once('/').map_or(key, |(_, id)| id);
    for known in at.matching(secret, &KMS_KEYS, id)? {
        if known.text(MANAGER)? == Some("CUSTOMER") {
            return Ok(Evaluation::compliant(KEY, key));
        }
    }
    Ok(Evaluation::non_compliant(KEY, key, expected))
}
