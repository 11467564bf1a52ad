//! What several rules share, each with its own tests.

pub mod firewall;
pub mod kms;
pub mod lists;
pub mod load_balancers;
pub mod methods;
pub mod origins;
pub mod policy;
pub mod ports;
