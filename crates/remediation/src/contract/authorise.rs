//! The proof that something was authorised, as a type.

use super::guard::Authority;

/// Something that somebody answers for. Only [`judge`](super::guard::judge)'s yes makes one, so that whoever takes
/// one can't be called without it.
#[derive(Debug)]
pub struct Authorised<T> {
    inner: T,
    authority: Authority,
}

impl<T> Authorised<T> {
    pub(super) fn new(inner: T, authority: Authority) -> Authorised<T> {
        Authorised { inner, authority }
    }

    /// What was authorised.
    pub fn inner(&self) -> &T {
        &self.inner
    }

    /// Who answers for it.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }
}
