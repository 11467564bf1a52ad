//! What an API says of the account as a whole.

use super::{Call, Param, call};

/// A place `supplementaryConfiguration.<Operation>` of the `AWS::::Account` item.
#[derive(Debug, Clone, Copy)]
pub struct AccountFact {
    /// The call. All pages make one reply.
    pub call: Call,
    /// Asked in the home Region only, and true everywhere; otherwise in each Region.
    pub is_global: bool,
    /// What is asked of each of the things in the reply.
    pub each: &'static [Each],
}

/// A call for each of the things in a reply; its own reply lands in them, under the operation.
#[derive(Debug, Clone, Copy)]
pub struct Each {
    /// Where the reply holds the things.
    pub entries: &'static str,
    /// The call; its input's texts are of the thing.
    pub call: Call,
    /// The Region that it is asked in, a text of the thing; empty for the fact's own.
    pub region: &'static str,
}

/// A fact that differs from Region to Region.
pub const fn fact(operation: &'static str) -> AccountFact {
    AccountFact {
        call: call(operation),
        is_global: false,
        each: &[],
    }
}

impl AccountFact {
    /// Of the whole account.
    #[must_use]
    pub const fn global(mut self) -> AccountFact {
        self.is_global = true;
        self
    }

    /// See [`Call::with`].
    #[must_use]
    pub const fn with(mut self, params: &'static [(&'static str, Param)]) -> AccountFact {
        self.call = self.call.with(params);
        self
    }

    /// See [`Call::absent_on`].
    #[must_use]
    pub const fn absent_on(mut self, codes: &'static [&'static str]) -> AccountFact {
        self.call = self.call.absent_on(codes);
        self
    }

    /// See [`Each`].
    #[must_use]
    pub const fn each(mut self, each: &'static [Each]) -> AccountFact {
        self.each = each;
        self
    }

    /// Where it lands.
    pub fn place(&self) -> String {
        format!("supplementaryConfiguration.{}", self.call.operation)
    }
}
