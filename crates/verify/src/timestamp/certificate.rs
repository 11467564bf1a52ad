//! Certificates of authorities, as far as RFC 3161 and RFC 5280 ask: who made them, until when they
//! hold, and what for.

use der::asn1::ObjectIdentifier;
use der::oid::AssociatedOid as _;
use der::{Decode as _, Encode as _};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints,
    ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::{Certificate as Parsed, TbsCertificate};

use super::TimestampError;
use super::algorithm::{Hash, verifies};
use super::element::Element;

/// `id-kp-timeStamping` (RFC 3161, 2.3).
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// `anyExtendedKeyUsage` (RFC 5280, 4.2.1.12).
const ANY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
/// Extensions whose meaning is known here; a critical one beside them is refused (RFC 5280, 4.2).
const KNOWN: [ObjectIdentifier; 8] = [
    AuthorityKeyIdentifier::OID,
    BasicConstraints::OID,
    CertificatePolicies::OID,
    CrlDistributionPoints::OID,
    ExtendedKeyUsage::OID,
    KeyUsage::OID,
    SubjectAltName::OID,
    SubjectKeyIdentifier::OID,
];

/// A certificate with its bytes.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    pub(super) bytes: Vec<u8>,
    parsed: Parsed,
}

impl Certificate {
    pub(super) fn read(bytes: &[u8]) -> Result<Certificate, TimestampError> {
        Ok(Certificate {
            bytes: bytes.to_vec(),
            parsed: Parsed::from_der(bytes)?,
        })
    }

    fn tbs(&self) -> &TbsCertificate {
        self.parsed.tbs_certificate()
    }

    /// Its subject, as RFC 4514 writes names.
    pub(super) fn subject(&self) -> String {
        self.tbs().subject().to_string()
    }

    pub(super) fn key(&self) -> &x509_cert::spki::SubjectPublicKeyInfoOwned {
        self.tbs().subject_public_key_info()
    }

    /// Whether issuer and serial number, in DER, are its.
    pub(super) fn has_serial(&self, issuer: &[u8], serial: &[u8]) -> bool {
        let own = self.tbs().issuer().to_der();
        own.is_ok_and(|own| own == issuer) && self.tbs().serial_number().as_bytes() == serial
    }

    /// Whether its subject key identifier is this.
    pub(super) fn has_key_identifier(&self, identifier: &[u8]) -> bool {
        let found = self.tbs().get_extension::<SubjectKeyIdentifier>();
        matches!(found, Ok(Some((_, found))) if found.0.as_bytes() == identifier)
    }

    pub(super) fn names_itself(&self) -> bool {
        self.tbs().issuer() == self.tbs().subject()
    }

    /// Whether the other one is named as what issued this.
    pub(super) fn names(&self, issuer: &Certificate) -> bool {
        self.tbs().issuer() == issuer.tbs().subject()
    }

    /// Whether the other one's key signed this.
    pub(super) fn is_signed_by(&self, issuer: &Certificate) -> Result<bool, TimestampError> {
        let algorithm = self.parsed.signature_algorithm();
        if algorithm != self.tbs().signature() {
            return Err(self.refuse("has two names of its signature's algorithm, which differ"));
        }
        let hash = Hash::of_signature(algorithm.oid, None)?;
        let parts = &mut Element::read(&self.bytes)?.parts()?;
        let signed = parts
            .next()
            .ok_or_else(|| TimestampError::form("a certificate is empty".to_owned()))?;
        let signature = self.parsed.signature().raw_bytes();
        verifies(issuer.key(), hash, signed.whole, signature)
    }

    /// Refuses what is not in force at that time (milliseconds since 1970), or has a part that nobody
    /// here understands and has to.
    pub(super) fn require_valid(&self, at: i64) -> Result<(), TimestampError> {
        let validity = self.tbs().validity();
        let from = millis(validity.not_before.to_unix_duration());
        let until = millis(validity.not_after.to_unix_duration()).saturating_add(999);
        if at < from || at > until {
            return Err(self.refuse(&format!(
                "is in force from {} to {}, and not at the time of the timestamp",
                validity.not_before, validity.not_after
            )));
        }
        let extensions = self.tbs().extensions().map_or(&[][..], Vec::as_slice);
        let unknown = extensions
            .iter()
            .find(|extension| extension.critical && !KNOWN.contains(&extension.extn_id));
        match unknown {
            Some(extension) => Err(self.refuse(&format!(
                "has the critical extension {}, which is not supported",
                extension.extn_id
            ))),
            None => Ok(()),
        }
    }

    /// Refuses a certificate that may not sign timestamps: its extended key usage has to be critical
    /// and this one alone (RFC 3161, 2.3).
    pub(super) fn require_time_stamping(&self) -> Result<(), TimestampError> {
        match self.tbs().get_extension::<ExtendedKeyUsage>()? {
            Some((true, usage)) if usage.0 == [TIME_STAMPING] => {}
            _ => {
                return Err(self.refuse(
                    "is not for timestamps: its extended key usage is not timeStamping alone, and critical",
                ));
            }
        }
        let usage = self.tbs().get_extension::<KeyUsage>()?;
        let may_sign = usage.is_none_or(|(_, usage)| {
            usage.digital_signature() || usage.0.contains(KeyUsages::NonRepudiation)
        });
        if may_sign {
            return Ok(());
        }
        Err(self.refuse("is not for signatures, as its key usage says"))
    }

    /// Refuses a certificate that may not have issued the signer's, with so many certificates of
    /// authorities between them.
    pub(super) fn require_issuing(&self, between: u8) -> Result<(), TimestampError> {
        let constraints = self.tbs().get_extension::<BasicConstraints>()?;
        let may_issue = constraints.is_some_and(|(_, constraints)| {
            constraints.ca
                && constraints
                    .path_len_constraint
                    .is_none_or(|longest| between <= longest)
        });
        let usage = self.tbs().get_extension::<KeyUsage>()?;
        if !may_issue || usage.is_some_and(|(_, usage)| !usage.key_cert_sign()) {
            return Err(self.refuse("may not issue the one below it"));
        }
        let extended = self.tbs().get_extension::<ExtendedKeyUsage>()?;
        let serves = |usages: ExtendedKeyUsage| {
            usages
                .0
                .iter()
                .any(|usage| *usage == TIME_STAMPING || *usage == ANY)
        };
        if extended.is_none_or(|(_, usages)| serves(usages)) {
            return Ok(());
        }
        Err(self.refuse("does not serve timestamps, as its extended key usage says"))
    }

    fn refuse(&self, what: &str) -> TimestampError {
        TimestampError::Certificate {
            subject: self.subject(),
            what: what.to_owned(),
        }
    }
}

fn millis(since: std::time::Duration) -> i64 {
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
