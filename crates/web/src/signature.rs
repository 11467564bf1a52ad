//! Slack's signature of a request.
//!
//! Source: Slack's "Verifying requests from Slack": `v0=` and the HMAC-SHA256, in hexadecimal, of
//! `v0:timestamp:body`; a timestamp of more than five minutes ago is a replay.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use posture_notify::Secret;
use ring::hmac;

/// Seconds that a request's time may be off.
const WINDOW: i64 = 300;

/// Why a request is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forged {
    /// A header is missing, or is no time or signature.
    Malformed,
    /// It was signed too long ago, or is of the future.
    Expired,
    /// Somebody else signed it, or it was changed since.
    Signature,
    /// It came before.
    Replayed,
}

impl Forged {
    /// In words, for the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Forged::Malformed => "it has no whole signature",
            Forged::Expired => "it was signed more than five minutes from now",
            Forged::Signature => "its signature is not Slack's",
            Forged::Replayed => "it came before",
        }
    }
}

/// Checks signatures, and remembers those of the last five minutes. Only what Slack signed is
/// remembered, so that nobody else can fill the memory.
#[derive(Debug, Default)]
pub struct Signatures {
    /// Until when each counts.
    seen: Mutex<BTreeMap<Vec<u8>, i64>>,
}

impl Signatures {
    /// Whether a request is Slack's, and new.
    ///
    /// # Errors
    /// Why it is not.
    pub fn check(
        &self,
        secret: &Secret,
        timestamp: Option<&str>,
        signature: Option<&str>,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), Forged> {
        let (Some(timestamp), Some(signature)) = (timestamp, signature) else {
            return Err(Forged::Malformed);
        };
        let at: i64 = timestamp.parse().map_err(|_| Forged::Malformed)?;
        let tag = signature.strip_prefix("v0=").and_then(bytes);
        let tag = tag.ok_or(Forged::Malformed)?;
        if now.as_second().abs_diff(at) > WINDOW.unsigned_abs() {
            return Err(Forged::Expired);
        }
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        let mut signed = format!("v0:{timestamp}:").into_bytes();
        signed.extend_from_slice(body);
        // In constant time.
        hmac::verify(&key, &signed, &tag).map_err(|_| Forged::Signature)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|_, until| *until >= now.as_second());
        match seen.insert(tag, at + 2 * WINDOW) {
            Some(_) => Err(Forged::Replayed),
            None => Ok(()),
        }
    }
}

/// Of small hexadecimal digits.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Oracle: the example of Slack's page.
    const SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";
    const AT: &str = "1531420618";
    const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    const BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

    fn check(
        known: &Signatures,
        signature: Option<&str>,
        body: &str,
        late: i64,
    ) -> Result<(), Forged> {
        let secret = Secret::new(SECRET.to_owned());
        let now = Timestamp::from_second(1_531_420_618 + late).unwrap();
        known.check(&secret, Some(AT), signature, body.as_bytes(), now)
    }

    #[test]
    fn slack_s_own_example_counts_once_and_for_five_minutes() {
        let known = Signatures::default();
        assert_eq!(
            check(&known, Some(SIGNATURE), BODY, 301),
            Err(Forged::Expired)
        );
        assert_eq!(
            check(&known, Some(SIGNATURE), BODY, -301),
            Err(Forged::Expired)
        );
        assert_eq!(check(&known, Some(SIGNATURE), BODY, 300), Ok(()));
        assert_eq!(
            check(&known, Some(SIGNATURE), BODY, 300),
            Err(Forged::Replayed)
        );
        let upper = SIGNATURE.replace("a2114d", "A2114D");
        assert_eq!(check(&known, Some(&upper), BODY, 0), Err(Forged::Replayed));
    }

    #[test]
    fn what_is_forged_is_refused() {
        let known = Signatures::default();
        let changed = BODY.replace("U2CERLKJA", "U2CERLKJB");
        assert_eq!(
            check(&known, Some(SIGNATURE), &changed, 0),
            Err(Forged::Signature)
        );
        let other = SIGNATURE.replace("a2114d", "a2114e");
        assert_eq!(check(&known, Some(&other), BODY, 0), Err(Forged::Signature));
        for wrong in [None, Some(""), Some("v0="), Some("v0=zz"), Some("v1=00")] {
            assert_eq!(
                check(&known, wrong, BODY, 0),
                Err(Forged::Malformed),
                "{wrong:?}"
            );
        }
        // None of these is taken for the real one that comes later.
        assert_eq!(check(&known, Some(SIGNATURE), BODY, 0), Ok(()));
    }
}
