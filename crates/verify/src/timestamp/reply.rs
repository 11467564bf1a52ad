//! An authority's reply, checked.

use der::Tag;
use sha2::{Digest as _, Sha256};

use super::authority::Authorities;
use super::element::Element;
use super::signed::Signed;
use super::statement::Statement;
use crate::time;

/// What a timestamp says that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// When what is stamped was there, milliseconds since 1970.
    pub at_millis: i64,
    /// The signer's name, RFC 4514.
    pub authority: String,
    /// Whether its certificate leads to one that is trusted.
    pub is_trusted: bool,
}

impl Stamp {
    /// When, RFC 3339 in seconds.
    pub fn at(&self) -> String {
        time::text(self.at_millis)
    }
}

/// Why a reply is no timestamp.
#[derive(Debug, thiserror::Error)]
pub enum TimestampError {
    /// It is not in the form of RFC 3161.
    #[error("the timestamp is not in RFC 3161's form: {what}")]
    Form {
        /// What does not fit.
        what: String,
    },
    /// The authority gave none.
    #[error("the authority gave no timestamp: status {status}{text}")]
    Refused {
        /// `PKIStatus`, in digits.
        status: String,
        /// What it said beside, with a colon in front; empty where it said nothing.
        text: String,
    },
    /// An algorithm that is not supported, or that does not count any more.
    #[error("the timestamp uses {what}, which is not supported")]
    Algorithm {
        /// Which.
        what: String,
    },
    /// It is of something else.
    #[error("the timestamp is of something else")]
    Imprint,
    /// It answers another request.
    #[error("the timestamp answers another request: its nonce is not the one that was sent")]
    Nonce,
    /// Its signature does not verify.
    #[error("the timestamp was not signed by {subject}")]
    Signature {
        /// Whose certificate is in it.
        subject: String,
    },
    /// A certificate of its chain does not hold.
    #[error("the certificate of {subject} {what}")]
    Certificate {
        /// The certificate's subject.
        subject: String,
        /// What does not hold.
        what: String,
    },
}

impl TimestampError {
    pub(super) fn form(what: String) -> TimestampError {
        TimestampError::Form { what }
    }

    pub(super) fn algorithm(what: String) -> TimestampError {
        TimestampError::Algorithm { what }
    }
}

impl From<der::Error> for TimestampError {
    fn from(error: der::Error) -> TimestampError {
        TimestampError::form(error.to_string())
    }
}

/// Checks a reply (`TimeStampResp`, RFC 3161) about these bytes: its status, imprint, signature, the
/// chain of certificates at its time, and the nonce where one was sent (a positive integer, big-endian,
/// without leading zeros but for the sign's). Asks no clock.
///
/// # Errors
/// The first thing that does not hold.
pub fn check(
    reply: &[u8],
    stamped: &[u8],
    nonce: Option<&[u8]>,
    authorities: &Authorities,
) -> Result<Stamp, TimestampError> {
    let mut parts = Element::read(reply)?.parts_of(Tag::Sequence, "the reply")?;
    require_granted(parts.require(Tag::Sequence, "the status")?)?;
    let token = parts.require(Tag::Sequence, "the token")?;
    parts.finish("the reply")?;
    let signed = Signed::read(token)?;
    let statement = Statement::read(signed.content)?;
    if statement.imprint != Sha256::digest(stamped).as_slice() {
        return Err(TimestampError::Imprint);
    }
    if nonce.is_some() && statement.nonce != nonce {
        return Err(TimestampError::Nonce);
    }
    let signer = signed.signer()?;
    let is_trusted = authorities.lead(signer, &signed.certificates, statement.at)?;
    Ok(Stamp {
        at_millis: statement.at,
        authority: signer.subject(),
        is_trusted,
    })
}

/// Status 0 is granted, 1 granted with changes.
fn require_granted(status: Element<'_>) -> Result<(), TimestampError> {
    let mut parts = status.parts()?;
    let number = parts.require(Tag::Integer, "the status")?;
    if matches!(number.value, [0 | 1]) {
        return Ok(());
    }
    let mut text = String::new();
    if let Some(said) = parts.take_if(Tag::Sequence) {
        for part in said.parts()? {
            text.push_str(": ");
            text.push_str(&String::from_utf8_lossy(part.value));
        }
    }
    let status: Vec<String> = number.value.iter().map(u8::to_string).collect();
    Err(TimestampError::Refused {
        status: status.join(" "),
        text,
    })
}
