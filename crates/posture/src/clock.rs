//! The wall clock: the only place where it is read.

use jiff::Timestamp;

/// The time now.
pub(crate) fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "here, and nowhere else")]
    Timestamp::now()
}
