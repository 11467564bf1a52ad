//! Findings as other tools read them. Machine forms are versioned by what they follow.

pub mod asff;
pub mod csv;
pub mod ocsf;
