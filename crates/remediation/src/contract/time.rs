//! Time, injected.

use std::future::Future;

use jiff::Timestamp;

/// What time it is, and waiting.
pub trait Time: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Waits so many seconds.
    fn sleep(&self, seconds: u32) -> impl Future<Output = ()> + Send;
}
