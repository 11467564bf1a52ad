//! What changed, told: rules choose events, targets get them.
//!
//! - [`EventsConfig`]: `events` of `posture.yaml`; [`Routes`]: the same, checked and compiled.
//! - [`Deliverer`]: from the outbox to the targets, at least once, in the order of each resource's
//!   events, at the pace that a target bears; [`Queue`]: what waits, and dead letters.
//! - [`SecretRef`]: where a secret is. What it is goes into the request that needs it, and nowhere else.
//!
//! # What it never does
//!
//! - Lose an event: it is in the outbox, with a target's messages, or a dead letter.
//! - Put a text of others where a destination would parse it: each target escapes by its own rules.
//! - Read the wall clock: the state's is given, as is chance.

mod config;
mod deliver;
mod error;
mod event;
mod grants;
mod group;
mod notice;
mod outlet;
mod pace;
mod plan_card;
mod queue;
mod references;
mod routes;
mod secret;
mod targets;
mod tickets;

pub use config::{EventsConfig, RuleConfig, TargetConfig, TransformerConfig};
pub use deliver::{Delivered, Deliverer};
pub use error::{NotifyError, RouteError};
pub use grants::Grant;
pub use outlet::Outlet;
pub use pace::Random;
pub use queue::{DeadLetter, Queue};
pub use routes::Routes;
pub use secret::{Environment, Secret, SecretError, SecretRef, Secrets};
pub use targets::{SLACK_APPROVE, SLACK_DENY, TargetKind};
