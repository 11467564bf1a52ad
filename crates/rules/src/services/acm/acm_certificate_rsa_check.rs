//! RSA keys under 2048 bits can be broken by those who are willing to pay for it.
//!
//! ## Result
//! - COMPLIANT: the certificate's key is RSA of 2048 bits or more.
//! - NON_COMPLIANT: the key is RSA of fewer bits, or its algorithm is not set.
//! - NOT_APPLICABLE: the key is not RSA.
//! - INSUFFICIENT_DATA: the key's algorithm was not read.
//!
//! ## What to do
//! ACM issues no such keys; the certificate was imported. Have a new one issued with a larger key,
//! import it under the same ARN, and replace the old key wherever else it lies.
//!
//! ## Source
//! AWS Config developer guide, managed rule `acm-certificate-rsa-check`.

use crate::prelude::*;

pub(crate) static RULE: ManagedRule = ManagedRule {
    id: "acm-certificate-rsa-check",
    identifier: Identifier::FromId,
    version: 1,
    title: "RSA certificates in ACM have keys of 2048 bits or more",
    resource_types: &[ResourceType::AcmCertificate],
    trigger: Trigger::ConfigurationChange,
    locality: Locality::Regional,
    parameters: &[],
    reads: &[own(KEY_ALGORITHM)],
    severity: Severity::High,
    category: Category::Inventory,
    remedy: Remedy::Steps,
    check,
};

const KEY_ALGORITHM: Path = path("configuration.keyAlgorithm");

const MINIMUM_BITS: i64 = 2048;

fn check<'a>(certificate: &ConfigurationItem<'a>, _: &Params, _: &Context<'a>) -> Verdict<'a> {
    let algorithm = certificate.text(KEY_ALGORITHM)?;
    if algorithm.is_some_and(|algorithm| !algorithm.starts_with("RSA")) {
        return Ok(Evaluation::not_applicable(
            KEY_ALGORITHM,
            algorithm,
            "the key is not RSA",
        ));
    }
    let bits = algorithm.and_then(rsa_bits);
    if bits.is_none_or(|bits| bits < MINIMUM_BITS) {
        let expected = "RSA of 2048 bits or more";
        return Ok(Evaluation::non_compliant(
            KEY_ALGORITHM,
            algorithm,
            expected,
        ));
    }
    Ok(Evaluation::compliant(KEY_ALGORITHM, algorithm))
}

/// The bits in `RSA-2048`, as AWS Config writes it, or `RSA_2048`, as ACM's API does.
fn rsa_bits(algorithm: &str) -> Option<i64> {
    let bits = algorithm
        .strip_prefix("RSA")?
        .trim_start_matches(['-', '_']);
    Node::Text(bits).as_integer()
}
