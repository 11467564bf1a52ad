//! What a timestamp says: `TSTInfo` (RFC 3161, 2.4.2).

use der::asn1::ObjectIdentifier;
use der::{Decode as _, Tag};

use super::TimestampError;
use super::algorithm::SHA256;
use super::element::Element;
use crate::time;

/// What was there, and when.
pub(super) struct Statement<'a> {
    /// SHA-256 of what was there.
    pub(super) imprint: &'a [u8],
    /// Milliseconds since 1970.
    pub(super) at: i64,
    /// The number that who asked had sent, as DER writes it.
    pub(super) nonce: Option<&'a [u8]>,
}

impl<'a> Statement<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Statement<'a>, TimestampError> {
        let mut parts = Element::read(bytes)?.parts_of(Tag::Sequence, "what is signed")?;
        if parts.require(Tag::Integer, "the version")?.value != [1] {
            return Err(TimestampError::form("it is not of version 1".to_owned()));
        }
        parts.require(Tag::ObjectIdentifier, "the policy")?;
        let mut imprint = parts.require(Tag::Sequence, "the imprint")?.parts()?;
        let hash = oid(imprint.require(Tag::Sequence, "the imprint's hash")?)?;
        let digest = imprint.require(Tag::OctetString, "the imprint's digest")?;
        imprint.finish("the imprint")?;
        if hash != SHA256 {
            return Err(TimestampError::algorithm(format!("an imprint of {hash}")));
        }
        parts.require(Tag::Integer, "the serial number")?;
        let at = parts.require(Tag::GeneralizedTime, "the time")?;
        let at = std::str::from_utf8(at.value).ok().and_then(millis);
        let at = at.ok_or_else(|| TimestampError::form("its time is none".to_owned()))?;
        parts.take_if(Tag::Sequence);
        parts.take_if(Tag::Boolean);
        let nonce = parts.take_if(Tag::Integer).map(|nonce| nonce.value);
        // The authority's name and extensions: its certificate says who it is.
        if let Some(other) = parts.find(|part| !part.tag.is_context_specific()) {
            let what = format!("it has a part of the type {}", other.tag);
            return Err(TimestampError::form(what));
        }
        Ok(Statement {
            imprint: digest.value,
            at,
            nonce,
        })
    }
}

/// The identifier in an `AlgorithmIdentifier`.
pub(super) fn oid(algorithm: Element<'_>) -> Result<ObjectIdentifier, TimestampError> {
    let mut parts = algorithm.parts_of(Tag::Sequence, "an algorithm")?;
    let oid = parts.require(Tag::ObjectIdentifier, "an algorithm's identifier")?;
    Ok(ObjectIdentifier::from_der(oid.whole)?)
}

/// `YYYYMMDDhhmmss[.s…]Z`, in milliseconds since 1970. The fraction has no zero at its end.
fn millis(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z')?;
    let (seconds, fraction) = match text.split_once('.') {
        Some((seconds, fraction)) => (seconds, fraction),
        None => (text, "0"),
    };
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if seconds.len() != 14 || !is_plain(seconds) || fraction.is_empty() || !is_plain(fraction) {
        return None;
    }
    let (year, rest) = seconds.split_at_checked(4)?;
    let (month, rest) = rest.split_at_checked(2)?;
    let (day, rest) = rest.split_at_checked(2)?;
    let (hour, rest) = rest.split_at_checked(2)?;
    let (minute, second) = rest.split_at_checked(2)?;
    let milli: String = fraction.chars().chain("00".chars()).take(3).collect();
    time::parse(&format!(
        "{year}-{month}-{day}T{hour}:{minute}:{second}.{milli}Z"
    ))
}

#[cfg(test)]
mod tests {
    //! Oracle: `date -u -d @N`, for the numbers; RFC 3161, 2.4.2, for the form.
    use super::*;

    #[test]
    fn times_with_and_without_fractions_are_read() {
        assert_eq!(millis("20261125133108Z"), Some(1_795_613_468_000));
        assert_eq!(millis("20261125133108.5Z"), Some(1_795_613_468_500));
        assert_eq!(millis("20261125133108.00712Z"), Some(1_795_613_468_007));
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "202611251331Z",
            "20261125133108",
            "20261125133108.Z",
            "20261125133108+0100",
            "20261125133108,5Z",
            "20261325133108Z",
            "2026112513310éZ",
        ] {
            assert_eq!(millis(text), None, "{text}");
        }
    }
}
