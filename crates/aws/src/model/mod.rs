//! Service models: what an operation is called on the wire, and the shapes of what it takes and gives.
//!
//! `cargo xtask models` makes them from botocore's public data; they are embedded compressed and decoded per service
//! when it is first asked for. `models/README.md` describes the form.

mod effect;
mod embedded;
mod load;
mod operation;
mod part;
mod rename;
mod service;
mod shape;

pub use effect::Effect;
pub use operation::{Operation, Pagination};
pub use service::{Protocol, Service};

pub(crate) use operation::Method;
pub(crate) use shape::{Kind, Location, Member, RetryKind, Shape, TimestampFormat};
