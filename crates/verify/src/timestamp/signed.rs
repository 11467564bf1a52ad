//! The signature around a timestamp: CMS `SignedData` with one signer (RFC 5652, 5; RFC 3161, 2.4.2).

use der::asn1::ObjectIdentifier;
use der::{Decode as _, Tag, TagNumber};

use super::TimestampError;
use super::algorithm::{Hash, certificate_hash, legacy_certificate_hash, verifies};
use super::certificate::Certificate;
use super::element::{Element, Parts};
use super::statement::oid;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
/// `id-aa-signingCertificate` (RFC 2634, 5.4) and its second version (RFC 5035, 3).
const SIGNING_CERTIFICATE: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// What is signed, by whom, and the certificates that came with it.
pub(super) struct Signed<'a> {
    pub(super) content: &'a [u8],
    pub(super) certificates: Vec<Certificate>,
    signer: usize,
}

impl<'a> Signed<'a> {
    /// Reads a token and checks that its signer signed its content.
    pub(super) fn read(token: Element<'a>) -> Result<Signed<'a>, TimestampError> {
        let mut parts = token.parts_of(Tag::Sequence, "the token")?;
        let kind = parts.require(Tag::ObjectIdentifier, "the token's type")?;
        let data = parts.require(explicit(0), "the signed data")?;
        parts.finish("the token")?;
        if ObjectIdentifier::from_der(kind.whole)? != SIGNED_DATA {
            return Err(TimestampError::form("it is not signed data".to_owned()));
        }
        let mut parts = Element::read(data.value)?.parts_of(Tag::Sequence, "the signed data")?;
        parts.require(Tag::Integer, "the signed data's version")?;
        parts.require(Tag::Set, "the list of hashes")?;
        let content = content(parts.require(Tag::Sequence, "the content")?)?;
        let certificates = match parts.take_if(explicit(0)) {
            Some(all) => all
                .parts()?
                // Others than X.509's have tags of their own.
                .filter(|part| part.tag == Tag::Sequence)
                .map(|part| Certificate::read(part.whole))
                .collect::<Result<Vec<_>, _>>()?,
            None => Vec::new(),
        };
        parts.take_if(explicit(1));
        let mut signers = parts.require(Tag::Set, "the signers")?.parts()?;
        parts.finish("the signed data")?;
        let signer = signers.require(Tag::Sequence, "the signer")?;
        signers.finish("the list of signers, which has one,")?;
        let signer = check(signer.parts()?, content, &certificates)?;
        Ok(Signed {
            content,
            certificates,
            signer,
        })
    }

    /// The certificate whose key signed.
    pub(super) fn signer(&self) -> Result<&Certificate, TimestampError> {
        self.certificates
            .get(self.signer)
            .ok_or_else(no_certificate)
    }
}

fn content(element: Element<'_>) -> Result<&[u8], TimestampError> {
    let mut parts = element.parts()?;
    let kind = parts.require(Tag::ObjectIdentifier, "the content's type")?;
    let content = parts.require(explicit(0), "what is signed")?;
    parts.finish("the content")?;
    if ObjectIdentifier::from_der(kind.whole)? != TST_INFO {
        return Err(TimestampError::form("it signs no timestamp".to_owned()));
    }
    let content = Element::read(content.value)?;
    if content.tag != Tag::OctetString {
        return Err(TimestampError::form(
            "what it signs is of another type".to_owned(),
        ));
    }
    Ok(content.value)
}

/// Checks `SignerInfo`; returns which certificate is the signer's.
fn check(
    mut parts: Parts<'_>,
    content: &[u8],
    certificates: &[Certificate],
) -> Result<usize, TimestampError> {
    parts.require(Tag::Integer, "the signer's version")?;
    let identity = parts.next().ok_or_else(no_certificate)?;
    let hash = Hash::of(oid(parts.require(Tag::Sequence, "the signer's hash")?)?)?;
    let attributes = parts.require(explicit(0), "the signed attributes")?;
    let algorithm = oid(parts.require(Tag::Sequence, "the signature's algorithm")?)?;
    let signature = parts.require(Tag::OctetString, "the signature")?;
    // What is not signed says nothing; it has nothing to say here.
    parts.finish("the signer")?;
    if Hash::of_signature(algorithm, Some(hash))? != hash {
        let what = "its two names of the hash differ".to_owned();
        return Err(TimestampError::form(what));
    }
    let place = place(identity, certificates)?;
    let signer = certificates.get(place).ok_or_else(no_certificate)?;
    check_attributes(attributes, &hash.digest(content), signer)?;
    if verifies(signer.key(), hash, &attributes.as_set(), signature.value)? {
        return Ok(place);
    }
    Err(TimestampError::Signature {
        subject: signer.subject(),
    })
}

/// Which of the certificates `SignerIdentifier` names.
fn place(identity: Element<'_>, certificates: &[Certificate]) -> Result<usize, TimestampError> {
    let found = if identity.tag == Tag::Sequence {
        let mut parts = identity.parts()?;
        let issuer = parts.require(Tag::Sequence, "the signer's issuer")?;
        let serial = parts.require(Tag::Integer, "the signer's serial number")?;
        certificates
            .iter()
            .position(|known| known.has_serial(issuer.whole, serial.value))
    } else {
        certificates
            .iter()
            .position(|known| known.has_key_identifier(identity.value))
    };
    found.ok_or_else(no_certificate)
}

/// The signed attributes have to name the content's type and digest, and the signer's certificate.
fn check_attributes(
    attributes: Element<'_>,
    digest: &[u8],
    signer: &Certificate,
) -> Result<(), TimestampError> {
    let (mut has_type, mut has_digest, mut has_signer) = (false, false, false);
    for attribute in attributes.parts()? {
        let mut parts = attribute.parts_of(Tag::Sequence, "an attribute")?;
        let kind = parts.require(Tag::ObjectIdentifier, "an attribute's type")?;
        let mut values = parts.require(Tag::Set, "an attribute's values")?.parts()?;
        parts.finish("an attribute")?;
        let kind = ObjectIdentifier::from_der(kind.whole)?;
        let value = values.next();
        let Some(value) = value.filter(|_| values.next().is_none()) else {
            let what = format!("its attribute {kind} has not one value");
            return Err(TimestampError::form(what));
        };
        match kind {
            CONTENT_TYPE => has_type = ObjectIdentifier::from_der(value.whole)? == TST_INFO,
            MESSAGE_DIGEST => {
                has_digest = value.tag == Tag::OctetString && value.value == digest;
            }
            SIGNING_CERTIFICATE => {
                has_signer = has_signer || names(value, signer, false)?;
            }
            SIGNING_CERTIFICATE_V2 => {
                has_signer = has_signer || names(value, signer, true)?;
            }
            _ => {}
        }
    }
    for (holds, what) in [
        (has_type, "its signed attributes name another content"),
        (has_digest, "what it says is not what was signed"),
        (
            has_signer,
            "its signed attributes do not name its signer's certificate",
        ),
    ] {
        if !holds {
            return Err(TimestampError::form(what.to_owned()));
        }
    }
    Ok(())
}

/// Whether the first `ESSCertID` or `ESSCertIDv2` is the certificate's.
fn names(
    value: Element<'_>,
    signer: &Certificate,
    is_second: bool,
) -> Result<bool, TimestampError> {
    let mut parts = value.parts_of(Tag::Sequence, "the signer's attribute")?;
    let mut all = parts
        .require(Tag::Sequence, "the certificates that it names")?
        .parts()?;
    let mut first = all
        .require(Tag::Sequence, "the certificate that it names")?
        .parts()?;
    let expected = if is_second {
        let hash = first.take_if(Tag::Sequence).map(oid).transpose()?;
        certificate_hash(hash, &signer.bytes)?
    } else {
        legacy_certificate_hash(&signer.bytes)?
    };
    let found = first.require(Tag::OctetString, "the certificate's hash")?;
    Ok(found.value == expected)
}

fn no_certificate() -> TimestampError {
    TimestampError::form("the signer's certificate is not in it".to_owned())
}

/// A constructed context-specific tag.
fn explicit(number: u32) -> Tag {
    TagNumber(number).context_specific(true)
}
