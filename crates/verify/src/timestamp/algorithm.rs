//! Which algorithms count, by their object identifiers (RFC 8017, RFC 5758, FIPS 180-4).

use der::asn1::ObjectIdentifier;
use ring::digest;
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::TimestampError;

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
pub(super) const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");

/// A hash that counts for what is signed today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(super) fn of(oid: ObjectIdentifier) -> Result<Hash, TimestampError> {
        match oid {
            SHA256 => Ok(Hash::Sha256),
            SHA384 => Ok(Hash::Sha384),
            SHA512 => Ok(Hash::Sha512),
            _ => Err(TimestampError::algorithm(format!("the hash {oid}"))),
        }
    }

    pub(super) fn digest(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
            Hash::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, bytes).as_ref().to_vec()
    }

    /// The hash that a signature algorithm names; for one that names none, the one that stands beside it.
    pub(super) fn of_signature(
        oid: ObjectIdentifier,
        beside: Option<Hash>,
    ) -> Result<Hash, TimestampError> {
        let named = match oid {
            RSA | EC => beside,
            RSA_SHA256 | ECDSA_SHA256 => Some(Hash::Sha256),
            RSA_SHA384 | ECDSA_SHA384 => Some(Hash::Sha384),
            RSA_SHA512 => Some(Hash::Sha512),
            _ => None,
        };
        named.ok_or_else(|| TimestampError::algorithm(format!("the signature {oid}")))
    }
}

/// The hash of a certificate by which attributes name it: identifies, and signs nothing, so that SHA-1
/// (RFC 2634) is taken too.
pub(super) fn certificate_hash(
    oid: Option<ObjectIdentifier>,
    certificate: &[u8],
) -> Result<Vec<u8>, TimestampError> {
    match oid {
        Some(SHA1) => {
            let sha1 = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, certificate);
            Ok(sha1.as_ref().to_vec())
        }
        Some(oid) => Ok(Hash::of(oid)?.digest(certificate)),
        None => Ok(Hash::Sha256.digest(certificate)),
    }
}

/// RFC 2634's name of a certificate is by SHA-1, without saying so.
pub(super) fn legacy_certificate_hash(certificate: &[u8]) -> Result<Vec<u8>, TimestampError> {
    certificate_hash(Some(SHA1), certificate)
}

/// Whether the key made the signature of the message: RSA of 2048 bits and more (PKCS #1 1.5), or ECDSA
/// on P-256 or P-384.
pub(super) fn verifies(
    key: &SubjectPublicKeyInfoOwned,
    hash: Hash,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, TimestampError> {
    let algorithm = algorithm(key, hash)?;
    let key = key.subject_public_key.raw_bytes();
    Ok(UnparsedPublicKey::new(algorithm, key)
        .verify(message, signature)
        .is_ok())
}

fn algorithm(
    key: &SubjectPublicKeyInfoOwned,
    hash: Hash,
) -> Result<&'static dyn VerificationAlgorithm, TimestampError> {
    let curve = match &key.algorithm.parameters {
        Some(parameters) if key.algorithm.oid == EC => {
            Some(parameters.decode_as::<ObjectIdentifier>()?)
        }
        _ => None,
    };
    Ok(match (key.algorithm.oid, curve, hash) {
        (RSA, _, Hash::Sha256) => &signature::RSA_PKCS1_2048_8192_SHA256,
        (RSA, _, Hash::Sha384) => &signature::RSA_PKCS1_2048_8192_SHA384,
        (RSA, _, Hash::Sha512) => &signature::RSA_PKCS1_2048_8192_SHA512,
        (EC, Some(P256), Hash::Sha256) => &signature::ECDSA_P256_SHA256_ASN1,
        (EC, Some(P256), Hash::Sha384) => &signature::ECDSA_P256_SHA384_ASN1,
        (EC, Some(P384), Hash::Sha256) => &signature::ECDSA_P384_SHA256_ASN1,
        (EC, Some(P384), Hash::Sha384) => &signature::ECDSA_P384_SHA384_ASN1,
        (oid, curve, hash) => {
            let curve = curve.map_or_else(String::new, |curve| format!(" on {curve}"));
            return Err(TimestampError::algorithm(format!(
                "a key {oid}{curve} with {hash:?}"
            )));
        }
    })
}
