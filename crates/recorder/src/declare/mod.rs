//! What a service file says: which calls tell of a type, and where each reply lands in the item.
//!
//! A declaration is data: no control flow, no client, no retry. What an item looks like is AWS
//! Config's word (`../shared/data/config-resource-schema`, and its recorded items); how an API is
//! called is in the service models of `posture_aws`.
//!
//! # How to add a service
//!
//! 1. Make `src/services/<service>.rs` with `pub(crate) static SERVICE: Service`. Run
//!    `cargo xtask gen`: it lists the file in `services/mod.rs`. A file speaks to one model of
//!    botocore's; a single call to another service says [`Call::of`].
//! 2. `calls_per_second`: a quarter of the rate that AWS publishes for reading calls, its page in
//!    a comment; [`UNPUBLISHED`] where there is none.
//! 3. `scope`: where the listing is asked, and what `awsRegion` its items have ([`Scope`]).
//! 4. A [`Collector`] for each type that a rule judges or looks at (`cargo test -p posture-recorder
//!    --test uncollected` names what is missing): the listing and where its page holds the
//!    entries (`Reservations[].Instances[]`), id, name, ARN. Paging is the model's.
//!    - Ids only in the listing? [`Collector::describe`] asks for many at once.
//!    - A listing of each of other things (listeners of a load balancer)? [`Collector::within`].
//!    - Several types in one listing? Give each collector the same call: it is made once.
//! 5. `casing`: [`Casing::Bean`] for AWS Config's older types, [`Casing::Api`] for those that it
//!    takes from CloudFormation. The schema decides. Irregular? `shape`, a small pure function.
//! 6. A [`Detail`] for each place that rules read and the listing doesn't hold. `into` is the
//!    place: `supplementaryConfiguration.<noun of AWS Config>` or, where AWS Config records no such
//!    thing, `supplementaryConfiguration.<Operation>`. It is asked only where an enabled rule reads
//!    a path at, in or around that place.
//!    - `absent_on`: the codes that mean "not configured". That is an answer, written as `null`.
//!      Any other error becomes an entry in the item's `unread`, and coverage.
//!    - [`Detail::in_entry`]: the listing says it already, for a place that isn't `configuration`.
//!    - [`Detail::joined`]: one call for a whole Region, told apart by a key: prefer it. The same
//!      goes for [`Detail::batched`]. Equal inputs are asked once where you say
//!      [`Detail::once_per_input`].
//! 7. `tags`: in the listing, by a call of its own, or (best) by [`Tags::Bulk`].
//! 8. What belongs to the account as a whole (`AWS::::Account`) is an [`AccountFact`].
//! 9. Secrets: places are listed once, in `posture_model::canonical::redaction`; every item passes
//!    through there before anybody sees it. Add yours.
//! 10. Strike what you now collect from `tests/uncollected.allow` and run `cargo test -p
//!     posture-recorder`: `tests/declarations.rs` holds every call and its input against the models,
//!     `src/run/recordings.rs` recorded replies against AWS Config's schema (what the schema lacks
//!     has a line in its `BEYOND`). Then extend `crates/posture/tests/live/{seed.py,pack.yaml}` and
//!     the verdicts in `crates/posture/tests/live.rs`: a resource that passes and one that fails.
//!
//! Paths are of the API's names: `A.B` members, `[]` every element, the empty path the value
//! itself. Texts ([`Collector::id`] and the like) are such a path, or a template where they hold
//! `{…}`: paths, `{^path}` of the thing that a listing is within, `{/path}` for what follows the last
//! `/`, and `{partition}`, `{region}`, `{account}`. Of several between `|` the first counts that
//! gives something.

mod account;
mod call;
mod collector;
mod detail;

pub use account::{AccountFact, Each, fact};
pub use call::{Call, Param, Prepare, call};
pub use collector::{Collector, Describe, Relation, Scope, Service, Tags, UNPUBLISHED, Within};
pub use detail::{Asked, Batch, Detail, How, Join, Listed, detail};

/// What every service file needs.
pub(crate) mod prelude {
    pub(crate) use posture_model::ResourceType;
    pub(crate) use serde_json::{Value, json};

    pub(crate) use super::{
        Collector, Detail, Param, Prepare, Relation, Scope, Service, Tags, call, detail, fact,
    };
    pub(crate) use crate::casing::Casing;
}
