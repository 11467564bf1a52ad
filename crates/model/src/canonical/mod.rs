//! The canonical bytes of a configuration item: what says whether a resource has changed.
//!
//! RFC 8785 (JSON Canonicalization Scheme) over a normalised item. Normalised means:
//!
//! - the envelope has one spelling of each member, whichever form AWS delivered (snapshot, history,
//!   batch), and JSON inside strings is decoded where those forms differ by it;
//! - what says when and how an item was delivered is not in it, nor are [counters](volatile) that
//!   change while nobody changes the resource;
//! - lists that AWS answers in any order are [sorted](unordered);
//! - values of [secrets](redaction) are replaced.
//!
//! One step beyond RFC 8785, whose numbers are doubles: a whole number that fits in 64 bits is
//! written digit by digit, since AWS has ids that a double can't hold.

mod item;
mod json;
mod normal;
mod patterns;
pub mod redaction;
mod reply;
pub mod unordered;
pub mod volatile;

pub use item::{CanonicalItem, canonical_item};
pub use json::write as write_json;
pub use reply::redact_reply;
