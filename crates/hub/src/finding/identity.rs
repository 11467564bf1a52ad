//! Who a finding is, for good, and which fact it tells of.

use sha2::{Digest as _, Sha256};

/// The first 16 bytes of a SHA-256 over a name and texts, each with its length before it.
pub(crate) type Hash = [u8; 16];

fn hash(name: &str, texts: &[&str]) -> Hash {
    let mut hash = Sha256::new();
    for text in [name].iter().chain(texts) {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut identity = Hash::default();
    identity.copy_from_slice(digest.split_at(16).0);
    identity
}

/// A finding is known by its product and the id that this gave it.
pub(crate) fn identity(product_arn: &str, id: &str) -> Hash {
    hash("posture.finding/v1", &[product_arn, id])
}

/// The fact that several findings may tell of: a check of one resource, whoever makes it.
pub(crate) fn fact(account_id: &str, aws_region: &str, what: &str, resource_id: &str) -> Hash {
    hash(
        "posture.fact/v1",
        &[account_id, aws_region, what, resource_id],
    )
}

/// The id of a finding of our own: the same for the same check of the same resource in every scan.
pub(crate) fn check_id(
    generator: &str,
    account_id: &str,
    aws_region: &str,
    resource_type: &str,
    resource_id: &str,
) -> String {
    let scope = [
        generator,
        account_id,
        aws_region,
        resource_type,
        resource_id,
    ];
    let hash = u128::from_be_bytes(hash("posture.check/v1", &scope));
    format!("posture/{generator}/finding/{hash:032x}")
}

#[cfg(test)]
mod tests {
    //! Oracle: Python's hashlib over the same bytes.

    use super::*;

    #[test]
    fn an_id_never_changes() {
        assert_eq!(
            check_id(
                "security-control/S3.1",
                "123456789012",
                "eu-west-1",
                "AWS::S3::Bucket",
                "b"
            ),
            "posture/security-control/S3.1/finding/0707dc61756c4fb6a249c5c22e342a85"
        );
    }
}
