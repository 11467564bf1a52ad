//! Whom who verifies trusts to tell the time, and how a signer's certificate leads there.

use std::path::PathBuf;

use der::Document;

use super::TimestampError;
use super::certificate::Certificate;
use crate::error::VerifyError;

/// A chain is not longer than this; the longest that is in use has four.
const LONGEST: u8 = 8;

/// Certificates that are trusted: a timestamp authority's own, or one of those above it.
#[derive(Debug, Clone, Default)]
pub struct Authorities {
    trusted: Vec<Certificate>,
}

impl Authorities {
    /// Reads files of certificates in PEM.
    ///
    /// # Errors
    /// One can't be read, or has no certificate.
    pub fn read(files: &[PathBuf]) -> Result<Authorities, VerifyError> {
        let mut authorities = Authorities::default();
        for path in files {
            let text = std::fs::read_to_string(path).map_err(|cause| VerifyError::Read {
                path: path.clone(),
                cause,
            })?;
            authorities
                .add_pem(&text)
                .map_err(|cause| VerifyError::Authority {
                    path: path.clone(),
                    cause,
                })?;
        }
        Ok(authorities)
    }

    /// Reads certificates in PEM, any number in one text, and adds them.
    ///
    /// # Errors
    /// The text has no certificate, or one that can't be read.
    pub fn add_pem(&mut self, text: &str) -> Result<(), TimestampError> {
        const END: &str = "-----END CERTIFICATE-----";
        const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
        let before = self.trusted.len();
        for part in text.split_inclusive(END) {
            let Some((_, body)) = part.split_once(BEGIN) else {
                continue;
            };
            let (_, document) = Document::from_pem(&format!("{BEGIN}{body}"))
                .map_err(|error| TimestampError::form(error.to_string()))?;
            self.trusted.push(Certificate::read(document.as_bytes())?);
        }
        if self.trusted.len() == before {
            let what = "it has no certificate in PEM".to_owned();
            return Err(TimestampError::form(what));
        }
        Ok(())
    }

    /// Whether none is trusted.
    pub fn is_empty(&self) -> bool {
        self.trusted.is_empty()
    }

    /// Checks the chain from the signer's certificate upwards, at the time of the timestamp
    /// (milliseconds since 1970), and says whether it leads to one that is trusted. Where it does not, it
    /// is checked as far as it goes.
    pub(super) fn lead(
        &self,
        signer: &Certificate,
        beside: &[Certificate],
        at: i64,
    ) -> Result<bool, TimestampError> {
        signer.require_time_stamping()?;
        signer.require_valid(at)?;
        let mut current = signer;
        for between in 0..LONGEST {
            let is_current = |trusted: &Certificate| trusted.bytes == current.bytes;
            if self.trusted.iter().any(is_current) {
                return Ok(true);
            }
            if let Some(issuer) = issuer_of(current, &self.trusted)? {
                issuer.require_issuing(between)?;
                issuer.require_valid(at)?;
                return Ok(true);
            }
            if current.names_itself() {
                return if current.is_signed_by(current)? {
                    Ok(false)
                } else {
                    Err(unsigned(current))
                };
            }
            let Some(issuer) = issuer_of(current, beside)? else {
                return if beside.iter().any(|other| current.names(other)) {
                    Err(unsigned(current))
                } else {
                    Ok(false)
                };
            };
            issuer.require_issuing(between)?;
            issuer.require_valid(at)?;
            current = issuer;
        }
        Err(TimestampError::Certificate {
            subject: signer.subject(),
            what: format!("is below more than {LONGEST} others"),
        })
    }
}

fn issuer_of<'c>(
    of: &Certificate,
    among: &'c [Certificate],
) -> Result<Option<&'c Certificate>, TimestampError> {
    for issuer in among.iter().filter(|issuer| of.names(issuer)) {
        if issuer.bytes != of.bytes && of.is_signed_by(issuer)? {
            return Ok(Some(issuer));
        }
    }
    Ok(None)
}

fn unsigned(certificate: &Certificate) -> TimestampError {
    TimestampError::Certificate {
        subject: certificate.subject(),
        what: "is not signed by what it names as its issuer".to_owned(),
    }
}
