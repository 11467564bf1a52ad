//! What is asked beside a listing.

use serde_json::Value;

use super::{Call, Param, Prepare, call};
use crate::casing::Casing;

/// A place of an item that a call of its own answers.
#[derive(Debug, Clone, Copy)]
pub struct Detail {
    /// The call.
    pub call: Call,
    /// Where the answer lands: `supplementaryConfiguration.<Name>`, `configuration.<…>`, `tags`, or
    /// `relationships`, where [`Detail::shape`] gives a list of them.
    pub into: &'static str,
    /// The part of the reply that lands there; empty for the whole.
    pub take: &'static str,
    /// How its members are called there. Before `shape`.
    pub casing: Casing,
    /// How AWS Config's form differs from the API's.
    pub shape: Option<fn(&Value) -> Value>,
    /// How many items one call answers for.
    pub how: How,
    /// Which entries it is asked of; all, where there is no function. The answer for the others is
    /// "there is none".
    pub only: Option<fn(&Value) -> bool>,
    /// What else has to be found before it is asked.
    pub asked: Asked,
}

/// What has to be found before a detail is asked. Where it is not, the answer is "there is none" without a call; where that
/// could not be read, the call is made.
#[derive(Debug, Clone, Copy)]
pub enum Asked {
    /// Nothing has to.
    Always,
    /// By another detail of the same resource: where it lands, and whether there can be something where it found this.
    WhereFound(&'static str, fn(&Value) -> bool),
    /// By a listing of the Region: anything at this path.
    WhereAny(Call, &'static str),
}

/// How many items one call answers for.
#[derive(Debug, Clone, Copy)]
pub enum How {
    /// One.
    Each,
    /// All for which the input is the same.
    OncePerInput,
    /// No call: the listing of the item says it, an operation of which is named. What the reply
    /// is for others is here the entry.
    Entry,
    /// One, by the ids that another call gives.
    Listed(Listed),
    /// All of the Region.
    Join(Join),
    /// As many as the operation takes.
    Batch(Batch),
    /// One call for each of the things that the function finds in the item as the other details
    /// left it. The answer is an object of the replies by the things' keys, lists under one key as
    /// one list; the call's texts are of the thing.
    Every(fn(&Value) -> Vec<(String, Value)>),
}

/// How the answer for a whole Region is told apart.
#[derive(Debug, Clone, Copy)]
pub struct Join {
    /// Where the reply holds the entries.
    pub entries: &'static str,
    /// What of an entry says whose it is; may be several values.
    pub by: &'static str,
    /// What of the item it is compared with: a text.
    pub with: &'static str,
    /// An item has one entry at most, and gets it instead of a list.
    pub is_one: bool,
    /// Turns the reply into what `entries` is a path of.
    pub read: Option<fn(&Value) -> Value>,
}

/// How the ids are found that the call of a detail takes.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// The call that gives them.
    pub list: Call,
    /// Where its reply holds them.
    pub ids: &'static str,
    /// The input's member that takes the list.
    pub member: &'static str,
    /// How many at once.
    pub size: usize,
    /// Where the reply holds the entries. Those of all replies are one list there.
    pub entries: &'static str,
}

/// How a call takes many items, and how its answer is told apart.
#[derive(Debug, Clone, Copy)]
pub struct Batch {
    /// The input's member that takes the list.
    pub member: &'static str,
    /// What of an item goes into the list: a text.
    pub id: &'static str,
    /// How many at once.
    pub size: usize,
    /// Where the reply holds the entries.
    pub entries: &'static str,
    /// What of an entry says whose it is.
    pub by: &'static str,
}

/// A detail that lands as the reply is under the operation's own name.
pub const fn detail(operation: &'static str, into: &'static str) -> Detail {
    Detail {
        call: call(operation),
        into,
        take: "",
        casing: Casing::Api,
        shape: None,
        how: How::Each,
        only: None,
        asked: Asked::Always,
    }
}

impl Detail {
    /// See [`Call::of`].
    #[must_use]
    pub const fn of(mut self, model: &'static str) -> Detail {
        self.call = self.call.of(model);
        self
    }

    /// See [`Call::action`].
    #[must_use]
    pub const fn action(mut self, action: &'static str) -> Detail {
        self.call = self.call.action(action);
        self
    }

    /// See [`Call::with`].
    #[must_use]
    pub const fn with(mut self, params: &'static [(&'static str, Param)]) -> Detail {
        self.call = self.call.with(params);
        self
    }

    /// See [`Call::absent_on`].
    #[must_use]
    pub const fn absent_on(mut self, codes: &'static [&'static str]) -> Detail {
        self.call = self.call.absent_on(codes);
        self
    }

    /// See [`Call::prepared_by`].
    #[must_use]
    pub const fn prepared_by(mut self, prepare: &'static Prepare) -> Detail {
        self.call = self.call.prepared_by(prepare);
        self
    }

    /// Only this part of the reply lands.
    #[must_use]
    pub const fn take(mut self, path: &'static str) -> Detail {
        self.take = path;
        self
    }

    /// Its members are called so.
    #[must_use]
    pub const fn casing(mut self, casing: Casing) -> Detail {
        self.casing = casing;
        self
    }

    /// AWS Config writes it otherwise than the API.
    #[must_use]
    pub const fn shape(mut self, shape: fn(&Value) -> Value) -> Detail {
        self.shape = Some(shape);
        self
    }

    /// Asked of these entries only.
    #[must_use]
    pub const fn only(mut self, is_asked: fn(&Value) -> bool) -> Detail {
        self.only = Some(is_asked);
        self
    }

    /// See [`Asked::WhereFound`].
    #[must_use]
    pub const fn where_found(mut self, place: &'static str, may_be: fn(&Value) -> bool) -> Detail {
        self.asked = Asked::WhereFound(place, may_be);
        self
    }

    /// See [`Asked::WhereAny`].
    #[must_use]
    pub const fn where_any(mut self, list: Call, entries: &'static str) -> Detail {
        self.asked = Asked::WhereAny(list, entries);
        self
    }

    /// The listing's entry says it.
    #[must_use]
    pub const fn in_entry(mut self) -> Detail {
        self.how = How::Entry;
        self
    }

    /// Asked by the ids that another call gives.
    #[must_use]
    pub const fn listed(mut self, listed: Listed) -> Detail {
        self.how = How::Listed(listed);
        self
    }

    /// Equal inputs are asked once in a Region.
    #[must_use]
    pub const fn once_per_input(mut self) -> Detail {
        self.how = How::OncePerInput;
        self
    }

    /// One call answers for the Region; an item gets its entries, under the member that holds them.
    #[must_use]
    pub const fn joined(
        mut self,
        entries: &'static str,
        by: &'static str,
        with: &'static str,
    ) -> Detail {
        self.how = How::Join(Join {
            entries,
            by,
            with,
            is_one: false,
            read: None,
        });
        self
    }

    /// The same where an item has one entry at most. `read` turns the reply into what `entries` is
    /// a path of.
    #[must_use]
    pub const fn joined_to_one(
        mut self,
        read: Option<fn(&Value) -> Value>,
        entries: &'static str,
        by: &'static str,
        with: &'static str,
    ) -> Detail {
        self.how = How::Join(Join {
            entries,
            by,
            with,
            is_one: true,
            read,
        });
        self
    }

    /// One call answers for many items; each gets its entry.
    #[must_use]
    pub const fn batched(mut self, batch: Batch) -> Detail {
        self.how = How::Batch(batch);
        self
    }

    /// One call for each of the things that `things` finds in the item.
    #[must_use]
    pub const fn every(mut self, things: fn(&Value) -> Vec<(String, Value)>) -> Detail {
        self.how = How::Every(things);
        self
    }
}
