//! What the pages ask for.

use std::future::Future;

/// What somebody says of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// They agree.
    Approve,
    /// They refuse.
    Deny,
}

/// What is behind the pages.
pub trait Backend: Send + Sync + 'static {
    /// Whether the state answers.
    fn is_well(&self) -> impl Future<Output = bool> + Send;

    /// Takes somebody's word on a plan. Returns what came of it, or why it does not count, in words for
    /// them.
    fn decide(
        &self,
        plan: &str,
        by: &str,
        word: Word,
    ) -> impl Future<Output = Result<String, String>> + Send;
}
